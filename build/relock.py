"""Write build/lock.txt anew from pyproject.toml.

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

NOTE = "# Made by build/relock.py from pyproject.toml; not edited by hand.\n"
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
    "--group=test",
    "--group=build",
]


def main() -> int:
    # What this machine has set for itself must not get into a lock that is for every machine.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        tools = Path(scratch) / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([tools / "python", "-m", "pip", "install", "-qq", "uv"], check=True)
        command: list[str | Path] = [tools / "uv", "pip", "compile", *OPTIONS, *sys.argv[1:]]
        command += ["pyproject.toml", f"--output-file={house.LOCK}"]
        subprocess.run(command, cwd=house.ROOT, env=environment, check=True)
    written = house.LOCK.read_text(encoding="utf-8")
    if "://" in written:
        sys.exit("build/lock.txt holds an address; take it out of pyproject.toml and run this again.")
    house.LOCK.write_text(NOTE + written.removeprefix(NOTE), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
