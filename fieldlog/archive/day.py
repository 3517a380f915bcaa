"""The text files of a production day. Pure, and heavy enough to be done off the event loop."""

from __future__ import annotations

from fieldlog.archive.content import DayContent
from fieldlog.archive.media import media_files
from fieldlog.archive.notes import as_markdown, as_text
from fieldlog.archive.page import Page
from fieldlog.archive.record import encoded
from fieldlog.archive.sheets import observations


def render(content: DayContent) -> dict[str, bytes]:
    """Name below the day's folder to bytes. The same content gives the same bytes, anywhere."""
    files = media_files(content)
    page = Page(content, files)
    items = list(page.items())
    texts = {
        f"{content.root}_notes.md": as_markdown(page, items, files),
        f"{content.root}_notes.txt": as_text(page, items),
        f"{content.root}_observations.csv": observations(page),
    }
    sizes = {name: len(text) for name, text in texts.items()}
    return {**texts, f"{content.root}.json": encoded(content, files, sizes)}
