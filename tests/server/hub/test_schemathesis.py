"""The hub is asked all that its own OpenAPI allows, and much that it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

import fetching
from tests.conftest import wanting
from tests.fakes.erased import everything
from tests.fakes.hubs import bare_hub, key_of

MINUTES = 8

LEFT_OUT = "positive_data_acceptance"
"""That an offset is not where a part ends, a hash not that of the bytes, a stretch not in the file: no schema says
that."""


async def test_the_hub_does_what_its_openapi_says(
    tmp_path: Path, seed: int, count: Callable[[int, int], int]
) -> None:
    if not (fetching.SCHEMATHESIS / fetching.DONE).exists():
        wanting("schemathesis is missing; build/test.py fetches it")
    async with bare_hub(tmp_path / "data") as hub:
        asked = await asyncio.create_subprocess_exec(
            fetching.program("schemathesis"), "run", f"https://{hub.addresses[0]}/openapi.json",
            "--tls-verify", "false", "--header", f"Authorization: Bearer {await key_of(hub)}",
            "--max-examples", str(count(5, 150)), "--seed", str(seed), "--continue-on-failure",
            "--phases", "coverage,fuzzing" + count(0, 1) * ",stateful", "--exclude-checks", LEFT_OUT, "--no-color",
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(60 * MINUTES):
            said, _ = await asked.communicate()
        told = said.decode("utf-8", "replace")
        if asked.returncode:
            pytest.fail(told)
        print(told[told.rfind("Test cases:") :])
        kept = set(await everything(hub.shelf.disk)) - {one.name for one in await hub.shelf.list("")}
        assert {name.partition("/")[0] for name in kept} <= {".parts"}
        assert {path.name for path in tmp_path.iterdir()} <= {"data", ".schemathesis", ".hypothesis"}
