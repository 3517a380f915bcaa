"""Every package is locked with its hash, and the lock sends nobody to an address."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.architecture.source import HOUSE, name_of

ADDRESS = re.compile(r"://|-index|--find")


def unlocked(pyproject: str, lock: str) -> list[str]:
    """What would let something unlocked in, or send another machine to an address of ours."""
    entries = [entry for entry in re.split(r"\n(?=\w)", re.sub(r"(?m)^#.*\n", "", lock).strip()) if entry]
    locked = {re.split(r"[=;\s]", entry)[0] for entry in entries}
    house = tomllib.loads(pyproject)
    groups: dict[str, list[str]] = house.get("dependency-groups", {})
    asked = [*house["project"]["dependencies"], *(want for group in groups.values() for want in group)]
    named = {name_of(want) for want in asked}
    return [
        *(f"{name} is in pyproject.toml but not locked" for name in sorted(named - locked)),
        *(f"{entry.split()[0]} has no hash" for entry in entries if "--hash=sha256:" not in entry),
        *(f"{entry.split()[0]} has no exact version" for entry in entries if "==" not in entry.split()[0]),
        *(f"an address in the lock: {line}" for line in lock.splitlines() if ADDRESS.search(line)),
    ]


def test_the_lock_holds_every_package_with_hashes_and_no_address() -> None:
    pyproject = (HOUSE / "pyproject.toml").read_text(encoding="utf-8")
    lock = (HOUSE / "build" / "lock.txt").read_text(encoding="utf-8")
    assert unlocked(pyproject, lock) == []


@pytest.mark.parametrize(
    ("lock", "says"),
    [
        ("click==8.1 \\\n    --hash=sha256:00\n", "tinydb is in pyproject.toml but not locked"),
        ("tinydb==4.9\nclick==8.1 \\\n    --hash=sha256:00\n", "tinydb==4.9 has no hash"),
        ("click>=8 \\\n    --hash=sha256:00\n", "click>=8 has no exact version"),
        ("--index-url x\n", "an address in the lock"),
        ("click @ https://x/y.whl \\\n    --hash=sha256:00\n", "an address in the lock"),
    ],
)
def test_a_lock_with_a_hole_is_seen_and_named(lock: str, says: str) -> None:
    pyproject = '[project]\ndependencies = ["tinydb~=4.9", "click>=8"]\n'
    assert any(sentence.startswith(says) for sentence in unlocked(pyproject, lock))
