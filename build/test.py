"""Set FieldLog up and check all of it: style, types, tests.

    python3 build/test.py [--quick | --full] [--seed N] [--moment NAME] [ARGUMENTS OF pytest]

Everything is tried even when an earlier check fails; the exit code is 0 only when all passed.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

import fetching
import house
import moments

KEPT = {"PYTHONDONTWRITEBYTECODE": ""}
"""What pytest makes of the tests is made once, and not at every run, whatever the machine thinks of it."""

NO_TEST = 5
"""What pytest says where nothing was chosen: none of the tests asked for need be alone."""


def main() -> int:
    options, for_pytest = read_arguments()
    signal.signal(signal.SIGTERM, _stopped)
    python = house.set_up()
    house.need(house.TOOLS)
    fetching.fetch(python)
    counts = "full" if options.full else "quick" if options.quick else "reduced"
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    moment = options.moment or moments.drawn(seed)
    print(f"Counts: {counts}. Again the same: --seed {seed} --moment {moment}.")
    house.call([python, "-m", "compileall", "-q", "fieldlog", "tests"])  # once, not in each process of a test
    pytest = ["pytest", f"--hypothesis-seed={seed}", f"--randomly-seed={seed}", *for_pytest]
    workers = 2
    if options.quick:
        pytest.append("--ignore=tests/e2e")
        workers = 3  # no browser: what waits for a server leaves its core to another
    alone = those_alone(for_pytest, browser=not options.quick)
    beside = [*pytest, f"--numprocesses={workers}", "--dist=loadgroup"]
    checks = {
        "style": (["ruff", "check"], {}),
        "layout": (["ruff", "format", "--check"], {}),
        "types": (["mypy"], {}),
        "tests": ([*beside, "-m", "not alone"], at(moment)),
        "tests, alone": ([*pytest, "-m", "alone", *alone], at(moment)),
    }
    for other in moments.MOMENTS if options.full else ():
        if other != moment:
            checks[f"tests of the clock, {other}"] = ([*beside, "-m", "clock and not alone"], at(other))
    took, failed = [], []
    for name, (command, environment) in checks.items():
        print(f"\n== {name}: {' '.join(command)}")
        began = time.monotonic()
        drawn = {"FIELDLOG_COUNTS": counts, "FIELDLOG_SEED": str(seed), **KEPT}
        code = house.call([python, "-m", *command], **drawn, **environment)
        took.append(f"{name} {time.monotonic() - began:.0f} s")
        if code and not (code == NO_TEST and "alone" in name):
            failed.append(name)
    print(f"\nTook: {', '.join(took)}.")
    if failed:
        print(f"\nNot passed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def those_alone(for_pytest: Sequence[str], *, browser: bool) -> list[str]:
    """The files with tests that run alone, of the `browser` too or not: no other is looked through then.

    None where files are asked for by name.
    """
    if any(not one.startswith("-") for one in for_pytest):
        return []
    files = sorted((house.ROOT / "tests").rglob("test_*.py"))
    return [
        str(one.relative_to(house.ROOT)) for one in files
        if "mark.alone" in one.read_text(encoding="utf-8") and (browser or one.parent.name != "e2e")
    ]  # fmt: skip


def at(moment: str) -> dict[str, str]:
    """The environment in which it is that moment."""
    found = moments.environment(moment)
    if not found:
        print("libfaketime is not installed: the tests take place now, by the clock of this machine.")
    return found


def read_arguments() -> tuple[argparse.Namespace, list[str]]:
    reader = argparse.ArgumentParser(
        allow_abbrev=False,
        description="Set FieldLog up and check all of it: style, types, tests.",
        epilog="Anything else is handed to pytest.",
    )
    how_much = reader.add_mutually_exclusive_group()
    how_much.add_argument(
        "--quick", action="store_true", help="all but the browser, with fewer examples: before each commit"
    )
    how_much.add_argument("--full", action="store_true", help="try as many examples as before a release")
    reader.add_argument(
        "--seed",
        type=int,
        metavar="N",
        default=os.environ.get("FIELDLOG_SEED"),
        help="draw the same examples, order and moment as the run that printed N",
    )
    reader.add_argument("--moment", choices=sorted(moments.MOMENTS), help="when the tests take place")
    return reader.parse_known_args()


def _stopped(*_: object) -> NoReturn:
    """What is asked to end takes pytest with it, and pytest's guard all that the tests have started."""
    sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
