"""What the phone imports is pure Python, and what is packed for it is what it asks for."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pocket

HOUSE = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
BROWSER, ANDROID, IOS = "Emscripten", "Android", "iOS"
BESIDE = {"flutter", "typing_extensions"}
"""What Flet's parts bring for Flutter, and a module that only older Pythons need by its metadata."""


def asked_for(platform: str) -> set[str]:
    """The packages that a phone takes, by name: what is asked for, and what that asks for."""
    here = {"platform_system": platform, "sys_platform": platform.lower(), "extra": ""}
    waiting = [Requirement(want) for want in PYPROJECT["project"]["dependencies"]]
    found = set[str]()
    while waiting:
        want = waiting.pop()
        name = canonicalize_name(want.name)
        if name not in found and (want.marker is None or want.marker.evaluate(here)):
            found.add(name)
            waiting += [Requirement(one) for one in metadata.requires(name) or ()]
    return found


def modules_of(packages: set[str]) -> set[str]:
    """The names by which packages are imported."""
    homes = metadata.packages_distributions()
    return {top for top, owners in homes.items() if {canonicalize_name(one) for one in owners} & packages}


def imported(modules: list[str], platform: str = ANDROID) -> subprocess.CompletedProcess[str]:
    """Imports from source alone, and from nothing but what such a phone has."""
    allowed = ",".join(sorted(modules_of(asked_for(platform)) | {"fieldlog", "tests"}))
    command = [sys.executable, "-m", "tests.release.only_source", allowed, *modules]
    return subprocess.run(command, cwd=HOUSE, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("platform", [BROWSER, ANDROID, IOS])
def test_what_the_phone_imports_is_pure_python(platform: str) -> None:
    direct = [Requirement(want) for want in PYPROJECT["project"]["dependencies"]]
    names = {one.name.replace("-", "_") for one in direct if canonicalize_name(one.name) in asked_for(platform)}
    done = imported(["fieldlog.pocket", *sorted(names)], platform)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "module", ["PIL.Image", "click", "fieldlog.cli", "fieldlog.server.local", "pydantic_core"]
)
def test_what_a_phone_has_not_or_cannot_run_is_refused(module: str) -> None:
    done = imported([module])
    assert done.returncode == 1
    assert re.search(r"a phone has no \w+", done.stderr), done.stderr


def test_a_compiled_package_is_refused_also_where_it_is_asked_for() -> None:
    command = [sys.executable, "-m", "tests.release.only_source", "PIL", "PIL.Image"]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "_imaging" in done.stderr


def test_the_laptops_tools_are_kept_out_by_their_markers() -> None:
    tools = {"flet-web", "click", "rich", "pillow", "tzlocal", "pydub", "audioop-lts", "uvicorn", "pydantic-core"}
    for platform in (BROWSER, ANDROID, IOS):
        assert asked_for(platform) & tools == set()
    assert asked_for("Linux") >= tools - {"audioop-lts"}


def test_the_pocket_packs_what_a_browser_asks_for_and_no_more() -> None:
    packed = {name.removesuffix(".py") for name in pocket.PACKAGES}
    wanted = {name for name in modules_of(asked_for(BROWSER)) if name.isidentifier()}
    assert packed - BESIDE == wanted - BESIDE
