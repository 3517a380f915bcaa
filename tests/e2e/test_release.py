"""What a tag sets off, run here as the workflow writes it, but for the handing out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml  # type: ignore[import-untyped]

import pocket
import release
from fieldlog import __version__

HOUSE = Path(__file__).parents[2]
TAG = f"v{__version__}"
HANDED = "handed.txt"
GH = f"""#!/bin/sh
printf '%s\\n' "$@" >{HANDED}
"""
"""Stands where GitHub's own command would be, and writes down what it is given."""


def lines_of(job: str) -> list[str]:
    """What a job of release.yml runs."""
    workflow = yaml.safe_load((HOUSE / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    return [step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step]


def test_a_tag_makes_the_files_of_a_release_which_are_the_same_whenever_they_are_made(
    wheel: Path, pocket_site: Path, tmp_path: Path
) -> None:
    (tmp_path / "build").symlink_to(HOUSE / "build")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "bin" / "gh").chmod(0o755)
    path = os.pathsep.join([str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    for line in lines_of("release"):
        done = subprocess.run(
            ["bash", "-e", "-c", line], cwd=tmp_path, env={**os.environ, "PATH": path, "GITHUB_REF_NAME": TAG},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}\n{done.stdout}"

    made = tmp_path / "dist"
    assert {path.name for path in made.iterdir()} == {wheel.name, release.POCKET, release.NOTES, release.SUMS}
    checked = ["sha256sum", "--check", "--strict", "--quiet", release.SUMS]
    assert subprocess.run(checked, cwd=made, check=False).returncode == 0

    assert (made / wheel.name).read_bytes() == wheel.read_bytes()
    pocket.zip_up(pocket_site, tmp_path / "again.zip")
    assert (made / release.POCKET).read_bytes() == (tmp_path / "again.zip").read_bytes()
    assert same(tmp_path / "site", pocket_site)

    given = (tmp_path / HANDED).read_text(encoding="utf-8").splitlines()
    assert given[:3] == ["release", "create", TAG]
    assert {f"dist/{path.name}" for path in made.iterdir()} <= set(given)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files."""
    held = [{path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            for folder in (one, other)]  # fmt: skip
    return held[0] == held[1]
