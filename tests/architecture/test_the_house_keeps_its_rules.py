"""The rules of the house, kept; and the paths that its plan names, there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.plan import (
    FRONT_DOOR,
    HOMES,
    INSIDES,
    LAPTOP_ONLY,
    LAYERS,
    LEDGER,
    MAY_KNOW,
    NOT_YET,
    SAVES,
)
from tests.architecture.rules import RULES
from tests.architecture.source import HOUSE, sources

pytestmark = pytest.mark.xdist_group("house")
"""The house is read once."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Callable[[Path], list[str]]) -> None:
    assert rule(HOUSE) == []


def paths_named() -> set[str]:
    """Every path under fieldlog/ that the tables name, without what is planned."""
    rooms = {room for room in MAY_KNOW if not room.startswith("__")}
    folders = {f"{room}/{folder}" for room, levels in LAYERS.items() for level in levels for folder in level}
    homes = {place for places in HOMES.values() for place in places}
    return (rooms | folders | homes | LAPTOP_ONLY | {FRONT_DOOR, INSIDES, SAVES, LEDGER}) - NOT_YET


def test_every_path_in_the_tables_is_there() -> None:
    house = HOUSE / "fieldlog"
    gone = [one for one in sorted(paths_named()) if not any(house.glob(one)) and not any(house.glob(f"{one}.py"))]
    assert gone == []
    assert [one for one in sorted(NOT_YET) if (house / one).exists()] == [], "no longer 'not yet'"


def test_the_rules_are_read_off_the_real_house() -> None:
    rooms = {source.room for source in sources(HOUSE)}
    assert {"model", "disk", "store", "media", "services"} <= rooms


NOT_AT_THE_START = (
    "fieldlog.archive.day", "fieldlog.archive.living.write", "fieldlog.services.archive.write",
    "fieldlog.services.copies.bundle", "fieldlog.services.imports.imports", "fieldlog.services.sync.exchange",
)  # fmt: skip
"""What the phone's app loads when it is asked for: each file costs its start some milliseconds."""


def test_the_phones_start_loads_nothing_that_is_asked_for_later() -> None:
    asked = f"import sys, fieldlog.pocket; print(*sorted(set({NOT_AT_THE_START!r}) & set(sys.modules)))"
    here = {**os.environ, "PYTHONPATH": str(HOUSE.parent)}
    told = subprocess.check_output([sys.executable, "-c", asked], env=here, text=True)
    assert told.split() == []
