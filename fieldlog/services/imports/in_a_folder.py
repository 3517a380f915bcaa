"""What lies in a folder that is imported, told apart by names and first bytes."""

from __future__ import annotations

from pathlib import Path

from fieldlog.media.kinds import sniff

OF_A_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "@eadir", "__macosx", "$recycle.bin"})
HEAD_BYTES = 65_536
TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
PAPERS = frozenset({".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".fdx", ".ppt", ".pptx"})


def is_file(path: Path) -> bool:
    """Whether there is such a file; there is none whose name no disk could hold."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_of_a_system(path: Path) -> bool:
    """Whether a system keeps something of its own there: .DS_Store, Thumbs.db, ._IMG_1.jpg."""
    return any(part.startswith(".") or part.casefold() in OF_A_SYSTEM for part in path.parts)


def is_medium(path: Path) -> bool:
    """Whether a file is a photo, a recording or a paper by what it holds, and no table or text of ours."""
    if path.suffix.casefold() in TABLES:
        return False
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(max(0, size - HEAD_BYTES))
        sniffed = sniff(head, size, tail=file.read(), name=path.name)
    return sniffed.family in ("photo", "audio") or path.suffix.casefold() in PAPERS


def is_sidecar(path: Path) -> bool:
    """Whether it tells of a file that lies beside it under its name without `.json`."""
    return path.suffix == ".json" and is_file(path.with_suffix(""))
