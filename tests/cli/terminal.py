"""The terminal, run as people run it: from the start, or forked off what has imported it already."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

from tests.guard import MARK

Ran = subprocess.CompletedProcess[str]


def environment(home: Path, lang: str = "en") -> dict[str, str]:
    return {"FIELDLOG_LANG": lang, "PATH": "/usr/bin:/bin", "TZ": "Asia/Shanghai", "PYTHONUTF8": "1",
            "HOME": str(home), MARK: os.environ[MARK]}  # fmt: skip


def command(data: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "fieldlog", "--data", str(data), *words]


def started(data: Path, *words: str, said: str | None = None, lang: str = "en") -> Ran:
    """`python -m fieldlog`, from its first import on."""
    return subprocess.run(
        command(data, *words), input=said, capture_output=True, encoding="utf-8", check=False,
        env=environment(data.parent, lang),
    )  # fmt: skip


def fieldlog(data: Path, *words: str, said: str = "", lang: str = "en", **own: str) -> Ran:
    """The same run in a process that need not import anything any more; `own` is of its environment."""
    if lang not in _forking:
        _forking[lang] = Forking(lang)
    return _forking[lang].run(["--data", str(data), *words], said, {"HOME": str(data.parent), **own})


def rows(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


def let_go() -> None:
    """End those that fork."""
    while _forking:
        _forking.popitem()[1].close()


class Forking:
    """`tests/cli/forking.py`, and the files in which its runs read and write."""

    folder: ClassVar[Path]

    def __init__(self, lang: str) -> None:
        self._streams = [self.folder / name for name in ("stdin", "stdout", "stderr")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forking"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            encoding="utf-8", env=environment(self.folder, lang),
        )  # fmt: skip

    def run(self, words: list[str], said: str, own: dict[str, str]) -> Ran:
        for stream in self._streams:
            stream.write_bytes(b"")
        self._streams[0].write_bytes(said.encode())
        asked = {"words": words, "own": own, "streams": [str(stream) for stream in self._streams]}
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        out, err = (stream.read_text("utf-8") for stream in self._streams[1:])
        return Ran(words, code, out, err)

    def close(self) -> None:
        self._process.communicate()


_forking: dict[str, Forking] = {}
"""One for each language: words are translated as they are imported."""
