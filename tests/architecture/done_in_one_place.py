"""What is done in one place, and nowhere else: clocks, files, saving, the ledger, what folding keeps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.plan import (
    CLOCKS,
    FACES,
    FILES,
    FOLDS,
    FRONT_DOOR,
    GIVEN_A_DISK,
    KNOW_THE_FOLD,
    LAPTOP_ONLY,
    LEDGER,
    LEDGERS_FILE,
    SAVES,
)
from tests.architecture.source import dotted, line_of, sources, words


def clocks_are_read_at_the_front_door(root: Path) -> list[str]:
    return [
        source.at(mention.line, f"reads {mention.name}; only {FRONT_DOOR} does, and hands it in")
        for source in sources(root)
        if source.path != FRONT_DOOR
        for mention in source.mentions
        if not mention.imported and mention.name in CLOCKS
    ]


def files_are_reached_through_the_disk(root: Path) -> list[str]:
    return [
        source.at(mention.line, f"uses {mention.name}; {source.room} reaches files through its Disk")
        for source in sources(root)
        if source.room in GIVEN_A_DISK and not source.lies_in(LAPTOP_ONLY)
        for mention in source.mentions
        if mention.is_in(FILES) and not (mention.imported and mention.for_types)
    ]


def only_faces_catch_everything(root: Path) -> list[str]:
    """Tidying up and raising the same again is not catching."""
    return [
        source.at(line, "catches every exception; name the ones that are expected")
        for source in sources(root)
        if source.room not in FACES
        for node in ast.walk(source.tree)
        if (line := catches_everything(node))
    ]


def what_folding_keeps_is_named_where_records_are_folded(root: Path) -> list[str]:
    return [
        source.at(line, f"names {text}, which only {words(KNOW_THE_FOLD)} may; ask model/standing.py")
        for source in sources(root)
        if source.room not in KNOW_THE_FOLD
        for line, text in texts(source.tree)
        if text in FOLDS
    ]


def whatever_is_saved_is_saved_in_one_place(root: Path) -> list[str]:
    """Elsewhere nobody asks whether there is room for it, and whether it says what can't be."""
    return [
        source.at(line_of(node), f"commits to the store; only {SAVES} does")
        for source in sources(root)
        if source.path != SAVES and source.room != "store"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def the_ledgers_file_is_named_in_the_ledger(root: Path) -> list[str]:
    return [
        source.at(line, f"names {LEDGERS_FILE}; only {LEDGER} does")
        for source in sources(root)
        if source.path != LEDGER
        for line, text in texts(source.tree)
        if LEDGERS_FILE in text
    ]


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a file and its line, but for those that stand by themselves, as docstrings do."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.lineno, node.value


def catches_everything(node: ast.AST) -> int:
    """The line of an `except:`, `except Exception` or `suppress(Exception)`; 0 for anything else."""
    match node:
        case ast.ExceptHandler(body=[*_, ast.Raise(exc=None)]):
            return 0
        case ast.ExceptHandler(type=None):
            return node.lineno
        case ast.ExceptHandler(type=ast.Tuple(elts=caught)):
            pass
        case ast.ExceptHandler(type=ast.expr() as one):
            caught = [one]
        case ast.Call(func=func, args=caught) if (dotted(func) or "").split(".")[-1] == "suppress":
            pass
        case _:
            return 0
    names = {(dotted(what) or "").split(".")[-1] for what in caught}
    return line_of(node) if names & {"Exception", "BaseException"} else 0
