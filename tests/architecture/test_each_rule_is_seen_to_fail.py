"""Each rule is seen to fail on faults planted in a copy, and on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.faults import FAULTS, HARMLESS, STANDS_THERE, plant
from tests.architecture.rules import RULES


@pytest.mark.parametrize(
    ("rule", "path", "code", "says"), [(rule, *fault) for rule, faults in FAULTS.items() for fault in faults]
)
def test_a_planted_fault_is_seen_and_named(
    rule: Callable[[Path], list[str]], path: str, code: str, says: str, tmp_path: Path
) -> None:
    plant(tmp_path, STANDS_THERE, "x = 1")
    assert rule(tmp_path) == []
    plant(tmp_path, path, code)
    breaches = rule(tmp_path)
    assert breaches
    assert breaches[0].startswith(f"fieldlog/{path}:")
    assert says in breaches[0]


@pytest.mark.parametrize(("path", "code"), HARMLESS)
def test_what_the_plan_allows_breaks_no_rule(path: str, code: str, tmp_path: Path) -> None:
    plant(tmp_path, STANDS_THERE, "x = 1")
    plant(tmp_path, "ui/sheets.py", "x = 1")
    plant(tmp_path, path, code)
    assert [breach for rule in RULES for breach in rule(tmp_path)] == []


def test_every_rule_has_been_seen_to_fail() -> None:
    assert set(FAULTS) == set(RULES)
