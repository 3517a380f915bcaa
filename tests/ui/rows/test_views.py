"""What screens show, as plain values: hours that go on past midnight, dates and lengths in both languages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fieldlog.model.op import KINDS
from fieldlog.ui.entry import history_views
from fieldlog.ui.rows import views
from fieldlog.ui.words.words import Words

EN, ZH = Words("en"), Words("zh")
SHANGHAI = "Asia/Shanghai"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def row(**more: Any) -> dict[str, Any]:
    """An entry as reading tells it."""
    return {
        "id": "01", "date": "2025-03-16", "day": "PD14", "occurred_at": "2025-03-17T01:41:00+08:00",
        "created_at": "2025-03-17T01:41:00+08:00", "kind": "jotting", "note_type": "none", "session": None,
        "session_id": None, "place": None, "scene": None, "people": [], "codes": [], "attachments": [],
        "suspect": False, "speech": None, "certainty": None, "take": None, "count": None,
        "precision": "exact", "text": "", **more,
    }  # fmt: skip


def test_a_screen_reader_says_time_kind_and_words() -> None:
    quote = row(kind="quote", speech="verbatim", people=["P01"], text="拍完再睡，算两天。")
    assert views.stream_row(quote, SHANGHAI, EN).label == "25:41, Quote, 拍完再睡，算两天。, P01 · verbatim"
    assert views.stream_row(row(note_type="PN", text="x"), SHANGHAI, ZH).label == "25:41, 速记, 私记, x"


def test_only_what_is_not_as_it_should_be_is_said() -> None:
    photo = {"kind": "photo", "name": "a.jpg", "sha256": "ab", "integrity": "ok", "duration": None}
    assert views.stream_row(row(attachments=[photo]), SHANGHAI, EN).states == ""
    broken, absent = {**photo, "integrity": "truncated"}, {**photo, "sha256": None}
    said = views.stream_row(row(suspect=True, attachments=[broken, absent]), SHANGHAI, EN).states
    assert said == "time doubtful · cut off · its file is not on this device"
    assert views.stream_row(row(filled=True), SHANGHAI, EN).states == "filled in from an archive"
    assert views.stream_row(row(filled=True), SHANGHAI, ZH).states == "由档案补入"


def test_a_memo_of_several_pieces_is_one_sound() -> None:
    pieces = [
        {"kind": "audio", "name": None, "sha256": sha, "integrity": "ok", "duration": seconds}
        for sha, seconds in (("aa", 300.0), ("bb", 66.0))
    ]
    sound = views.stream_row(row(kind="voice", attachments=pieces), SHANGHAI, EN).sound
    assert sound
    assert (sound.entry, sound.sha256, sound.length) == ("01", "aa", "6:06")


def test_a_header_stands_wherever_the_session_changes() -> None:
    heads = {
        name: views.SessionRow(id=name, title=name, type_words="", hours="", going_on=False) for name in ("s", "t")
    }
    sessions = [None, "s", "s", "t", "s", "gone"]
    rows = [views.stream_row(row(id=str(n), session_id=one), SHANGHAI, EN) for n, one in enumerate(sessions)]
    items = views.day_items(rows, heads)
    assert [getattr(item, "title", "-") for item in items] == ["-", "s", "-", "-", "t", "-", "s", "-", "-"]
    keys = [item.key for item in items if isinstance(item, views.SessionRow)]
    assert len(set(keys)) == len(keys)


def test_a_count_a_take_and_the_second_of_a_memo_are_seen_in_the_row() -> None:
    counted = row(kind="count", count=3, text="phone looked at", during={"memo": "m", "at": 728.4})
    seen = views.stream_row(counted, SHANGHAI, EN)
    assert (seen.text, seen.heard) == ("3 × phone looked at", views.Heard(memo="m", at=728.4))
    assert views.stream_row(row(kind="count", count=2), SHANGHAI, EN).text == "2"
    shot = row(scene="34-2", take="4", certainty="unsure", codes=["roi"], precision="about")
    assert views.stream_row(shot, SHANGHAI, EN).meta == "34-2 · take 4 · not sure · roi · about"
    assert views.stream_row(row(precision="day"), SHANGHAI, EN).meta == "day only"


def test_a_figure_reads_as_a_sentence() -> None:
    figure = {"name": "完播率", "value": "61", "unit": "%", "of": "at 3 s", "mode": "shown", "by": "P05"}
    assert views.figure_words(figure, EN) == "完播率 61 % at 3 s · shown · P05"


def test_every_kind_of_operation_has_a_word_in_a_history() -> None:
    assert set(history_views.DONE) == set(KINDS)
