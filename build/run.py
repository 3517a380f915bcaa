"""Set FieldLog up and show it on the sample month.

    python3 build/run.py [ARGUMENTS OF `fieldlog demo`]

The sample month is imported into a throw-away store and archived by production day; the last line
is where the archive lies. Needs nothing but Python 3.11 or later; everything goes into `.venv`.
"""

from __future__ import annotations

import sys

import house


def main() -> int:
    python = house.set_up()
    return house.call([python, "-m", "fieldlog", "demo", *sys.argv[1:]], PYTHONUTF8="1")


if __name__ == "__main__":
    sys.exit(main())
