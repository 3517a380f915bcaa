"""The text files of a production day. Pure, and heavy enough to be done off the event loop."""

from __future__ import annotations

from fieldlog.archive.day.content import DayContent
from fieldlog.archive.day.csv_sheets import observations
from fieldlog.archive.day.day_json import encoded
from fieldlog.archive.day.media_files import media_files
from fieldlog.archive.day.notes import as_markdown, as_text
from fieldlog.archive.day.page import Page


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
