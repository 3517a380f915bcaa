"""Every dependency is imported somewhere."""

from __future__ import annotations

import tomllib

import pytest

from tests.architecture.plan import CALLED_OTHERWISE, NOT_IMPORTED
from tests.architecture.source import HOUSE, name_of, sources


def unused(pyproject: str, imported: set[str]) -> list[str]:
    """What stands in the dependencies and is imported nowhere, but for what is named above; and whoever stands
    there in vain."""
    asked = {name_of(want) for want in tomllib.loads(pyproject)["project"]["dependencies"]}
    idle = {name for name in asked if CALLED_OTHERWISE.get(name, name.replace("-", "_")) not in imported}
    return [
        *(f"{name} is a dependency and imported nowhere" for name in sorted(idle - NOT_IMPORTED.keys())),
        *(f"{name} is excused and need not be" for name in sorted(NOT_IMPORTED.keys() - idle)),
    ]


def test_every_dependency_is_imported_somewhere() -> None:
    pyproject = (HOUSE / "pyproject.toml").read_text(encoding="utf-8")
    mentions = [mention for source in sources(HOUSE) for mention in source.mentions if mention.imported]
    assert unused(pyproject, {mention.name.split(".")[0] for mention in mentions}) == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["tinydb~=4.9", "flet-audio==1.0", "pandas>=2", *NOT_IMPORTED], "pandas is a dependency"),
        (["tinydb~=4.9", "flet-audio==1.0", "pydub", "audioop-lts"], "tzdata is excused"),
    ],
)
def test_a_dependency_that_nobody_imports_is_named(asked: list[str], says: str) -> None:
    pyproject = f"[project]\ndependencies = {asked}\n"
    (sentence,) = unused(pyproject, {"tinydb", "flet_audio", "PIL"})
    assert sentence.startswith(says)
