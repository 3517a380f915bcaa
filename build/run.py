"""Set FieldLog up and open it.

    python3 build/run.py [ARGUMENTS OF `fieldlog`]

The app opens on your own notes, in ~/FieldLog; the line printed is its address, and Ctrl-C closes it. `demo` opens
it on a fictional month to practise on. Needs nothing but Python 3.11 or later; everything goes into `.venv`.
"""

from __future__ import annotations

import os
import sys

import house


def main() -> int:
    python = house.set_up()
    command = [str(python), "-m", "fieldlog", *sys.argv[1:]]
    if os.name == "posix":
        # In this process's place, so that Ctrl-C and SIGTERM reach the app, and nothing outlives it.
        sys.stdout.flush()
        os.execve(python, command, {**os.environ, "PYTHONUTF8": "1"})
    return house.call(command, PYTHONUTF8="1")


if __name__ == "__main__":
    sys.exit(main())
