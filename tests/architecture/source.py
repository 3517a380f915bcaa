"""The source of `fieldlog/`, read without importing it: every file, and what it imports or uses."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A dotted name in a file: imported there (perhaps late, or for types only), or used."""

    name: str
    line: int
    imported: bool
    late: bool = False
    for_types: bool = False

    def is_in(self, names: set[str]) -> bool:
        """Whether this is one of `names`, or something inside one."""
        parts = self.name.split(".")
        return any(".".join(parts[:depth]) in names for depth in range(1, len(parts) + 1))


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of fieldlog/; `path` is relative to it."""

    path: str
    tree: ast.Module
    mentions: tuple[Mention, ...]
    lines: int

    @property
    def room(self) -> str:
        return self.path.split("/")[0].removesuffix(".py")

    @property
    def folder(self) -> str:
        """The folder in its room, or the file at its root; "" for what a room says of itself."""
        parts = self.path.split("/")
        return parts[1].removesuffix(".py").removesuffix("__init__") if len(parts) > 1 else ""

    @property
    def module(self) -> str:
        return module_named(self.path).removesuffix(".__init__")

    def lies_in(self, places: set[str]) -> bool:
        """Whether this file is one of `places`, or in a folder that is; `*` stands for any letters."""
        endings = ("", ".py", "/*")
        return any(fnmatch(self.path, place + ending) for place in places for ending in endings)

    def at(self, line: int, what: str) -> str:
        return f"fieldlog/{self.path}:{line} {what}"


def sources(root: Path) -> list[Source]:
    house = root / "fieldlog"
    return [read(file, file.relative_to(house).as_posix()) for file in sorted(house.rglob("*.py"))]


def read(file: Path, path: str) -> Source:
    return parse(file.read_text(encoding="utf-8"), path)


@cache
def parse(text: str, path: str) -> Source:
    tree = ast.parse(text, filename=path)
    imports = list(imports_in(tree, package=("fieldlog", *path.split("/")[:-1])))
    known_as = {alias: name for alias, name, _ in imports}
    uses = [use for node in ast.walk(tree) if (use := use_of(node, known_as))]
    return Source(
        path=path,
        tree=tree,
        mentions=tuple(mention for *_, mention in imports) + tuple(uses),
        lines=text.count("\n"),
    )


def imports_in(
    node: ast.AST, *, package: tuple[str, ...], late: bool = False, for_types: bool = False
) -> Iterator[tuple[str, str, Mention]]:
    """(the name it has in this file, the dotted name that stands for, the mention), one an import."""
    for child in ast.iter_child_nodes(node):
        for alias, name, imported in names_imported(child, package):
            line = line_of(child)
            yield (
                alias,
                name,
                Mention(name=imported, line=line, imported=True, late=late, for_types=for_types),
            )
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing = isinstance(node, ast.If) and is_type_checking(node.test) and child in node.body
        yield from imports_in(child, package=package, late=late or inside, for_types=for_types or typing)


def names_imported(node: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    match node:
        case ast.Import(names=names):
            for name in names:
                first = name.name.split(".")[0]
                yield name.asname or first, name.name if name.asname else first, name.name
        case ast.ImportFrom(module=module, names=names, level=level):
            base = package[: len(package) + 1 - level] if level else ()
            home = ".".join([*base, *([module] if module else [])])
            for name in names:
                yield name.asname or name.name, f"{home}.{name.name}", f"{home}.{name.name}"
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if is_importing(func):
            yield "", name, name
        case _:
            return


def is_importing(func: ast.expr) -> bool:
    """`__import__("x")`, `import_module("x")`, `importlib.import_module("x")`."""
    return getattr(func, "id", getattr(func, "attr", "")) in {"__import__", "import_module"}


def is_type_checking(test: ast.expr) -> bool:
    return getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING"


def use_of(node: ast.AST, known_as: dict[str, str]) -> Mention | None:
    """A use of something imported or built in; of a local name, only its handing work to a thread."""
    if isinstance(node, ast.Attribute) and node.attr == "run_in_executor":
        return Mention(name="asyncio.run_in_executor", line=line_of(node), imported=False)
    first, *rest = (dotted(node) or "").split(".")
    if not first or not (first in known_as or hasattr(builtins, first)):
        return None
    return Mention(name=".".join([known_as.get(first, first), *rest]), line=line_of(node), imported=False)


def dotted(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return name
        case ast.Attribute(value=value, attr=attr) if (head := dotted(value)) is not None:
            return f"{head}.{attr}"
        case _:
            return None


def line_of(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


def is_from_outside(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] not in sys.stdlib_module_names | {"fieldlog"}


def module_named(place: str) -> str:
    return "fieldlog." + place.removesuffix(".py").replace("/", ".")


def words(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"


def name_of(want: str) -> str:
    """What a requirement asks for: `Flet-Audio==1.0; …` for flet-audio."""
    return re.split(r"[^\w-]", want)[0].lower()
