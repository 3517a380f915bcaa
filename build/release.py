"""Make a release: the wheel, the phone's app as one file, what is new, and the hashes of all three.

    python3 build/release.py [--out FOLDER] [--tag TAG]

Writes into dist/ of the folder it is called in. Takes the locked packages and nothing else from a network. The
same checkout gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import house
import pocket

OUT = Path("dist")
POCKET, NOTES, SUMS = "pocket.zip", "NOTES.md", "SHA256SUMS"
CHANGES, COMING = house.ROOT / "CHANGELOG.md", "Unreleased"
LONG_AGO = "315532800"
"""The first second that a ZIP can name, 1980-01-01: what every file of a release is dated."""


def main() -> int:
    reader = argparse.ArgumentParser(description="Make a release of FieldLog.")
    reader.add_argument("--out", type=Path, default=OUT, help="the folder to write; it is emptied first")
    reader.add_argument("--tag", help="what the release is called: v and the version; anything else is refused")
    reader.add_argument("--version", action="version", version=version(), help="print it, and make nothing")
    asked = reader.parse_args()
    if asked.tag not in (None, f"v{version()}"):
        sys.exit(f"The tag is {asked.tag}, but fieldlog/__init__.py says version {version()}. Nothing was made.")
    make(house.set_up(), asked.out.resolve())
    print((asked.out / SUMS).read_text(encoding="utf-8"), end="")
    return 0


def make(python: Path, out: Path) -> None:
    """Write the whole release. `python` has the locked packages."""
    if out.exists():
        if any(out.iterdir()) and not (out / SUMS).exists():
            sys.exit(f"{out} holds something else. Nothing was written; choose another folder.")
        shutil.rmtree(out)
    out.mkdir(parents=True)
    wheel(python, out)
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        pocket.make(pocket.site_packages(python), site)
        pocket.zip_up(site, out / POCKET)
    (out / NOTES).write_text(notes(CHANGES.read_text(encoding="utf-8"), version()), "utf-8", newline="\n")
    (out / SUMS).write_text(sums(out), "utf-8", newline="\n")


def version() -> str:
    """What stands in fieldlog/__init__.py, the one place that says it."""
    source = (house.ROOT / "fieldlog" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    if found is None:
        sys.exit("fieldlog/__init__.py does not say which version this is.")
    return found[1]


def wheel(python: Path, out: Path) -> Path:
    """FieldLog as pip takes it, with its assets; where it was written."""
    made = subprocess.run(
        [python, "-m", "hatchling", "build", "--target", "wheel", "--directory", out],
        cwd=house.ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": LONG_AGO}, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if made.returncode:
        sys.exit(f"The wheel could not be made: {made.stdout.strip()}")
    return next(out.glob(f"fieldlog-{version()}-*.whl"))


def notes(changelog: str, version: str) -> str:
    """What the changelog says of this version, without its heading; where it does not yet, of what is coming."""
    parts = re.split(r"(?m)^## \[([^\]]+)\].*\n", changelog)
    said = {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    text = said.get(version) or said.get(COMING)
    if not text:
        sys.exit(f"CHANGELOG.md says nothing of version {version}.")
    return text + "\n"


def sums(folder: Path) -> str:
    """A line for each file, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


if __name__ == "__main__":
    sys.exit(main())
