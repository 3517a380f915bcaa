"""Where packages from outside may be imported, and what a phone has not."""

from __future__ import annotations

from pathlib import Path

from tests.architecture.plan import COMPILED, HOMES, LAPTOP_ONLY, NOT_ON_A_PHONE
from tests.architecture.source import is_from_outside, module_named, sources, words


def packages_from_outside_stay_in_their_homes(root: Path) -> list[str]:
    return [
        source.at(mention.line, f"imports {mention.name}, whose home is {words(homes)}")
        for source in sources(root)
        for mention in source.mentions
        if mention.imported and is_from_outside(mention.name)
        for homes in [HOMES.get(mention.name.split(".")[0], set())]
        if not source.lies_in(homes)
    ]


def phones_are_asked_for_nothing_they_lack(root: Path) -> list[str]:
    """No thread, process, socket, lock or database of the machine outside the laptop's files."""
    return [
        source.at(mention.line, f"uses {mention.name}, which a phone has not")
        for source in sources(root)
        if not source.lies_in(LAPTOP_ONLY)
        for mention in source.mentions
        if mention.is_in(NOT_ON_A_PHONE)
    ]


def what_only_the_laptop_has_is_imported_late(root: Path) -> list[str]:
    """Outside the laptop's files, both those files and compiled packages are imported inside functions."""
    late_only = COMPILED | {module_named(place) for place in LAPTOP_ONLY}
    return [
        source.at(mention.line, f"imports {mention.name} when it is itself imported; a phone could not")
        for source in sources(root)
        if not source.lies_in(LAPTOP_ONLY)
        for mention in source.mentions
        if mention.imported and not mention.late and not mention.for_types and mention.is_in(late_only)
    ]
