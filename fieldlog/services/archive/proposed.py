"""Where the archive is written where nobody says."""

from __future__ import annotations

from pathlib import Path

from fieldlog.services.copies.only_here import title_as_name
from fieldlog.services.study.workspace import Workspace


def proposed_archive(work: Workspace, home: Path) -> Path:
    """A folder for the archive."""
    return home / "FieldLog" / title_as_name(work) / "archive"


def proposed_zip(work: Workspace) -> str:
    """What an archive as one ZIP, made now, is called."""
    return f"{title_as_name(work)}-archive-{work.machine.clock().at:%Y-%m-%d-%H%M}.zip"
