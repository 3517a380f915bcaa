"""Set FieldLog up and check all of it: style, types, tests.

    python3 build/test.py [--full] [--seed N] [ARGUMENTS OF pytest]

Everything is tried even when an earlier check fails; the exit code is 0 only when all passed.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys

import house


def main() -> int:
    options, for_pytest = read_arguments()
    python = house.set_up()
    house.need(house.TOOLS)
    counts = "full" if options.full else "reduced"
    seed = str(secrets.randbelow(2**32) if options.seed is None else options.seed)
    print(f"Counts: {counts}. Seed: {seed} (the same again with --seed {seed}).")
    checks = {
        "style": ["ruff", "check"],
        "layout": ["ruff", "format", "--check"],
        "types": ["mypy"],
        "tests": ["pytest", f"--hypothesis-seed={seed}", *for_pytest],
    }
    failed = []
    for name, command in checks.items():
        print(f"\n== {name}: {' '.join(command)}")
        if house.call([python, "-m", *command], FIELDLOG_COUNTS=counts, FIELDLOG_SEED=seed):
            failed.append(name)
    if failed:
        print(f"\nNot passed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def read_arguments() -> tuple[argparse.Namespace, list[str]]:
    reader = argparse.ArgumentParser(
        allow_abbrev=False,
        description="Set FieldLog up and check all of it: style, types, tests.",
        epilog="Anything else is handed to pytest.",
    )
    reader.add_argument("--full", action="store_true", help="try as many examples as before a release")
    reader.add_argument(
        "--seed",
        type=int,
        metavar="N",
        default=os.environ.get("FIELDLOG_SEED"),
        help="draw the same examples as the run that printed N",
    )
    return reader.parse_known_args()


if __name__ == "__main__":
    sys.exit(main())
