"""In the month, `in:text` finds what the month's own list of truths says."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fieldlog.services.machine.machine import laptop
from fieldlog.services.review.find import find, rows
from fieldlog.services.rows import entries as entry_rows
from fieldlog.services.study.studies import open_study
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.search_marks import marked
from tests.month.scaled import Scaled

pytestmark = pytest.mark.xdist_group("month")


@pytest.fixture
async def month(imported: Path) -> AsyncIterator[Workspace]:
    opened = await open_study(laptop(imported), write=False)
    yield opened
    await opened.close()


def test_in_the_text_it_finds_what_is_true(month: Workspace, scaled: Scaled) -> None:
    for words, truth in scaled.truth["search"].items():
        for typed in (f'in:text "{words}"', f"范围：正文 「{words}」"):
            found = sorted(row["source_id"] for row in rows(month, find(month, typed)))
            assert len(found) == truth["hits"], words
            assert hashlib.sha256("\n".join(found).encode()).hexdigest() == truth["sha256_of_ids"], words


def test_each_is_marked_in_the_text_as_written(month: Workspace, scaled: Scaled) -> None:
    for words in scaled.truth["search"]:
        found = find(month, f'in:text "{words}"')
        for row in rows(month, found, 0, 60):
            runs = marked(row["text"], found.words)
            assert "".join(text for text, _ in runs) == row["text"]
            assert any(is_marked for _, is_marked in runs)


def test_every_field_is_looked_through_as_before(month: Workspace) -> None:
    for word in ("卡", "P05", "staircase", "metrics.roi", "录", "rain"):
        before = {row["id"] for row in entry_rows.find(month.store, [word])}
        found = rows(month, find(month, f'"{word}"'))
        assert {row["id"] for row in found} == before
        assert all(row["why"] or word.casefold() in row["text"].casefold() for row in found)
