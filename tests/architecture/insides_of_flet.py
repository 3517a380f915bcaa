"""What Flet does not document is leant on in one file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.plan import DOCUMENTED, DOCUMENTED_OF_A_SESSION, INSIDES, MEETS_FLET, OF_OTHERS
from tests.architecture.source import Source, dotted, imports_in, sources


def insides_of_flet_stay_in_one_file(root: Path) -> list[str]:
    return [
        source.at(line, f"leans on {name}, which Flet does not document; only {INSIDES} does")
        for source in sources(root)
        if source.room in MEETS_FLET and source.path not in {INSIDES, *OF_OTHERS}
        for line, name in insides_of_flet(source)
    ]


def insides_of_flet(source: Source) -> Iterator[tuple[int, str]]:
    """(line, name) for what Flet does not document: its modules, what it hides, and what it is made to do."""
    own = set(names_hidden_in(source.tree))
    known_as = {alias: name for alias, name, _ in imports_in(source.tree, package=())}
    for mention in source.mentions:
        if mention.imported and is_of_flet(mention.name) and mention.name not in DOCUMENTED:
            yield mention.line, mention.name
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(attr=name, value=ast.expr() as of) if is_hidden(name) and name not in own:
                if dotted(of) not in ("self", "cls"):
                    yield node.lineno, name
            case ast.Attribute(value=of, ctx=ast.Store()) if is_of_flet(known_as.get(first_of(of), "")):
                yield node.lineno, f"{dotted(of)}.{node.attr}"
            case ast.Constant(value=str(name)) if re.fullmatch(r"_[A-Z]\w*?__\w+", name):
                yield node.lineno, name
            case ast.Call(func=ast.Name(id="getattr" | "setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                if is_hidden(name):
                    yield node.lineno, name
            case ast.Attribute(attr="session", value=of) if (dotted(of) or "").split(".")[-1] == "page":
                if node not in documented_uses_of_a_session(source.tree):
                    yield node.lineno, f"{dotted(node)}"


def names_hidden_in(tree: ast.Module) -> Iterator[str]:
    """The names with a leading _ that a file gives to its own."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Attribute(attr=name, value=ast.Name(id="self" | "cls")):
                yield name


def documented_uses_of_a_session(tree: ast.Module) -> set[ast.expr]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in DOCUMENTED_OF_A_SESSION
    }


def is_hidden(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def is_of_flet(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in ("flet", "flet_web")


def first_of(node: ast.AST) -> str:
    return (dotted(node) or "").split(".")[0]
