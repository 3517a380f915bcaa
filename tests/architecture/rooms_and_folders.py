"""Who may know whom: rooms, folders in layers, no file that comes back to itself; and how large they get."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Mapping
from pathlib import Path

from tests.architecture.plan import IN_EVERY_JOURNEY, LAYERS, MAY_KNOW, MOST_FILES, MOST_LINES, REASON, VAGUE
from tests.architecture.source import Mention, Source, sources, words


def rooms_are_those_of_the_plan(root: Path) -> list[str]:
    return [
        source.at(1, f"is in no room of the plan: {source.room}")
        for source in sources(root)
        if source.room not in MAY_KNOW
    ]


def rooms_know_only_whom_they_may(root: Path) -> list[str]:
    """Late imports and imports for types count: who names another room knows it."""
    return [
        source.at(mention.line, f"imports {mention.name}, but {source.room} may know {words(allowed)} only")
        for source in sources(root)
        for allowed in [MAY_KNOW.get(source.room, set())]
        for mention in source.mentions
        if mention.imported and (room := room_named(mention)) and room not in {source.room, *allowed}
    ]


def folders_know_only_those_below(root: Path) -> list[str]:
    """Imports for types count, late ones too."""
    return [
        source.at(mention.line, f"imports {mention.name}, which does not lie below {source.folder}")
        for source in sources(root)
        for level in [level_of(source.room, source.folder)]
        for mention in source.mentions
        if mention.imported and mention.name.startswith(f"fieldlog.{source.room}.")
        for other in [mention.name.split(".")[2]]
        for theirs in [level_of(source.room, other)]
        if level is not None and theirs is not None and other != source.folder and theirs >= level
    ]


def folders_are_those_of_the_plan(root: Path) -> list[str]:
    return [
        source.at(1, f"is in no folder of the plan: {source.folder}")
        for source in sources(root)
        if source.folder and source.room in LAYERS and level_of(source.room, source.folder) is None
    ]


def folders_are_small(root: Path) -> list[str]:
    folders: dict[tuple[str, str], list[Source]] = {}
    for source in sources(root):
        if source.room in {"services", "ui"} and not source.path.endswith("__init__.py"):
            folders.setdefault((source.room, source.path.rpartition("/")[0]), []).append(source)
    return [
        files[-1].at(1, f"is one of {len(files)} in {folder}; more than {MOST_FILES} are two folders")
        for (_, folder), files in folders.items()
        if len(files) > MOST_FILES
    ]


def long_files_say_why(root: Path) -> list[str]:
    return [
        source.at(1, f"has {source.lines} lines and does not say why: '{REASON}…' in its first ones")
        for source in sources(root)
        if source.lines > MOST_LINES and REASON not in (ast.get_docstring(source.tree) or "")
    ]


def no_file_comes_back_to_itself(root: Path) -> list[str]:
    """Along imports, those for types and late ones too."""
    files = {one.module: one for one in sources(root)}
    knows = {
        name: {found for mention in one.mentions if mention.imported and (found := file_of(mention, files))}
        - {name}
        for name, one in files.items()
    }
    return [files[circle[0]].at(1, f"is in a circle: {' → '.join(circle)}") for circle in circles(knows)]


def names_say_what_is_inside(root: Path) -> list[str]:
    return [
        source.at(1, f"is called {vague}, which says nothing")
        for source in sources(root)
        for vague in sorted(VAGUE & set(re.split(r"[/_.]", source.path)))
    ]


def a_name_stands_once_in_a_room(root: Path) -> list[str]:
    first: dict[tuple[str, str], Source] = {}
    return [
        source.at(1, f"is the second {name} of {source.room}; the first is {found.path}")
        for source in sources(root)
        if (name := source.path.split("/")[-1].removesuffix(".py")) not in IN_EVERY_JOURNEY
        if (found := first.setdefault((source.room, name), source)) is not source
    ]


def room_named(mention: Mention) -> str | None:
    """The room an import leads into; None outside the house, and for its version."""
    first, *rest = mention.name.split(".")
    return rest[0] if first == "fieldlog" and rest and rest[0] in MAY_KNOW else None


def level_of(room: str, folder: str) -> int | None:
    """How high a folder lies in its room; None where the plan has no such folder."""
    return next((height for height, level in enumerate(LAYERS.get(room, ())) if folder in level), None)


def file_of(mention: Mention, files: Container[str]) -> str:
    """The file of the house an import reads: the module named, or the one that has the name; "" for another's."""
    return next((name for name in (mention.name, mention.name.rpartition(".")[0]) if name in files), "")


def circles(knows: Mapping[str, set[str]]) -> list[list[str]]:
    """One way round for each set of names that reach each other; each begins with the first by name."""
    reach = {one: reached(one, knows) for one in knows}
    found = []
    for one in sorted(knows):
        together = {other for other in reach[one] if one in reach[other]}
        if together and one == min(together):
            found.append(way(one, one, {name: knows[name] & together for name in together}))
    return found


def reached(one: str, knows: Mapping[str, set[str]]) -> set[str]:
    seen, next_ = set[str](), [*knows[one]]
    while next_:
        name = next_.pop()
        if name not in seen:
            seen.add(name)
            next_ += knows.get(name, ())
    return seen


def way(start: str, end: str, knows: Mapping[str, set[str]]) -> list[str]:
    """The shortest way from `start` to `end`, both named."""
    ways = [[start]]
    for path in ways:
        for name in sorted(knows[path[-1]]):
            if name == end:
                return [*path, end]
            if name not in path:
                ways.append([*path, name])
    return [start]
