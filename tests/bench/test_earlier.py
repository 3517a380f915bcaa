"""An earlier FieldLog is asked by the names of now."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
THEN = {
    "fieldlog/__init__.py": "",
    "fieldlog/services/__init__.py": "",
    "fieldlog/services/memo.py": "LONGEST, SHORTEST = 60, 1\ndef begin():\n    return 'a memo'\n",
    "fieldlog/services/reading.py": "def begin():\n    LONGEST = 1\n    return 'a book'\n",
    "fieldlog/store/__init__.py": "",
    "fieldlog/store/store.py": "def stop():\n    return 'a store'\n",
}
ASKED = """
from fieldlog.services.memo import begin as there
from fieldlog.services.memo.filing import LONGEST, begin, stop
from fieldlog.services.rows import reading
from fieldlog.services.rows.reading import LONGEST as longest
from fieldlog.store.store import stop as still_there
print(there(), begin(), LONGEST, longest, reading.begin(), still_there())
try:
    stop()
except Exception as why:
    print(type(why).__name__, why)
"""


def test_what_was_moved_is_found_and_what_was_not_there_says_so(tmp_path: Path) -> None:
    for path, text in {**THEN, "asked.py": ASKED}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.earlier", "asked"], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{HOUSE}"}, check=False,
    )  # fmt: skip
    found = "a memo a memo 60 60 a book a store"
    assert told.stdout.splitlines() == [found, "NotThere there is no stop yet"], told
