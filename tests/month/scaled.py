"""The sample month, scaled, as files on disk: made once a run."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

MAKER = Path(__file__).parent / "make_month.py"
BASE = Path(__file__).parent.parent.parent / "assets" / "sample" / "month.json"


class Scaled:
    """A generated month: `month.json`, `media/`, `media/bad/` and what a correct archive must find."""

    def __init__(self, folder: Path, *, entries: int, photos: int, memos: int) -> None:
        self.folder = folder
        numbers = ["--entries", str(entries), "--photos", str(photos), "--memos", str(memos)]
        command = [sys.executable, str(MAKER), "--base", str(BASE), "--out", str(folder), "--edge", *numbers]
        subprocess.run(command, check=True, capture_output=True)

    @property
    def file(self) -> Path:
        return self.folder / "month.json"

    @property
    def bad(self) -> Path:
        return self.folder / "media" / "bad"

    @cached_property
    def month(self) -> dict[str, Any]:
        return dict(json.loads(self.file.read_text(encoding="utf-8")))

    @cached_property
    def truth(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "truth.json").read_text(encoding="utf-8")))
