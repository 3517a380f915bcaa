"""Seal a folder of files for the pocket: a list of all with their hashes, and the worker that keeps them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

WORKER = "flutter_service_worker.js"
"""Flutter's loader looks for a worker of this name and removes any other."""

LIST = "files.json"


def seal(folder: Path, template: Path) -> str:
    """Write the list and the worker. The version, told, follows from the files' names and bytes alone."""
    hashes = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in (WORKER, LIST):
            hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    listed = json.dumps(hashes, indent=0)
    version = hashlib.sha256(listed.encode()).hexdigest()[:16]
    worker = template.read_text(encoding="utf-8")
    worker = worker.replace("FIELDLOG_VERSION", version).replace("FIELDLOG_FILES", listed)
    (folder / WORKER).write_text(worker, encoding="utf-8", newline="\n")
    files = {name: {"sha256": one, "bytes": (folder / name).stat().st_size} for name, one in hashes.items()}
    about = {"version": version, "files": files}
    (folder / LIST).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8", newline="\n")
    return version
