"""Write build/lock.txt anew from pyproject.toml, and the lock of the hub's judge from what it asks for.

    python3 build/relock.py             keep the versions that still fit
    python3 build/relock.py --upgrade   take the newest of everything

One lock for every platform and Python from 3.11 on, with the hashes of all the files of a version and
no addresses, so that each machine takes them from where it takes packages. Needs a network: `uv` is
installed into a throw-away environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import house

NOTE = "# Made by build/relock.py from {asked}; not edited by hand.\n"
OPTIONS = [
    "--no-config",
    "--quiet",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
]
JUDGE = house.ROOT / "tests" / "release" / "judges" / "schemathesis.in"
LOCKS = {
    house.LOCK: ("pyproject.toml", ["--group=test", "--group=build"]),
    JUDGE.with_suffix(".txt"): (str(JUDGE.relative_to(house.ROOT)), []),
}
"""Each lock, what is asked for there, and of which groups."""


def main() -> int:
    # What this machine has set for itself must not get into a lock that is for every machine.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        tools = Path(scratch) / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([tools / "python", "-m", "pip", "install", "-qq", "uv"], check=True)
        for lock, (asked, groups) in LOCKS.items():
            command: list[str | Path] = [tools / "uv", "pip", "compile", *OPTIONS, *groups, *sys.argv[1:]]
            command += [asked, f"--output-file={lock}"]
            subprocess.run(command, cwd=house.ROOT, env=environment, check=True)
            _noted(lock, NOTE.format(asked=asked))
    return 0


def _noted(lock: Path, note: str) -> None:
    written = lock.read_text(encoding="utf-8")
    if "://" in written:
        sys.exit(f"{lock.name} holds an address; take it out of what is asked for and run this again.")
    lock.write_text(note + written.removeprefix(note), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
