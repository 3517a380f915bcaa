"""`fieldlog serve` as a process of its own."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.terminal import command, environment
from tests.fakes.ports import port_of

ENDS_SECONDS = 10


def with_keyring(file: Path) -> dict[str, str]:
    """What is told a program so that it keeps its secrets there."""
    return {"PYTHON_KEYRING_BACKEND": "tests.fakes.file_keyring.FileKeyring", "FIELDLOG_TEST_KEYRING": str(file)}


def heeds() -> None:
    """What is begun in the background is deaf to Ctrl+C, and so is whatever it begins: not this."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def serving(data: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The hub of a store, at a port of its own that stays, and the code that it shows. It is killed with the
    block, where it still is."""
    serve = command(data, "serve", "--port", str(port_of(data)), *words)
    process = subprocess.Popen(
        serve, env=environment(data.parent), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", preexec_fn=heeds,  # noqa: PLW1509
    )  # fmt: skip
    try:
        assert process.stdout
        code = process.stdout.readline().strip()
        assert code, process.communicate()
        yield process, code
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str]) -> str:
    """What it said until Ctrl+C."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=ENDS_SECONDS)
    assert (process.returncode, err) == (0, ""), (out, err)
    return out
