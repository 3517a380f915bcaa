"""What screens show, as plain values: hours that go on past midnight, dates and lengths in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fieldlog.model.op import KINDS
from fieldlog.ui.entry import history_views
from fieldlog.ui.rows import views
from fieldlog.ui.rows.items import Loose, Midnight, day_items, flagged, newest_first
from fieldlog.ui.rows.meta import Said, joined
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


HEADS = {
    name: views.SessionRow(id=name, title=name, type_words="", hours="", going_on=False) for name in ("s", "t")
}


def told(sessions: list[str | None], *, begins: bool = True, ends: bool = True) -> list[str]:
    """What stands in a day whose entries, an hour apart from 21:10 on, are in these sessions."""
    begun = at("2025-03-16T21:10:00+08:00")
    times = [(begun + timedelta(hours=n)).isoformat() for n in range(len(sessions))]
    rows = [
        views.stream_row(row(id=time, session_id=one, occurred_at=time), SHANGHAI, EN)
        for time, one in zip(times, sessions, strict=True)
    ]
    said = []
    for item in day_items(rows, HEADS, begins=begins, ends=ends):
        match item:
            case views.SessionRow():
                said.append(f"{item.title}{' again' if item.again else ''}{' past' if item.past else ''}")
            case Loose():
                said.append(f"{item.where}{' past' if item.past else ''}")
            case Midnight():
                said.append("midnight")
            case _:
                said.append(item.clock)
    return said


def test_a_head_stands_wherever_the_session_changes() -> None:
    assert told(["s", "s", "t"]) == ["s", "21:10", "22:10", "t", "23:10"]
    items = day_items(
        [views.stream_row(row(id=str(n), session_id=one), SHANGHAI, EN) for n, one in enumerate("sts")], HEADS
    )
    keys = [item.key for item in items if isinstance(item, views.SessionRow)]
    assert len(set(keys)) == len(keys)


def test_what_is_in_no_session_has_a_head_of_its_own() -> None:
    assert told([None, "s", None, "t"]) == [
        "21:10",
        "s",
        "22:10",
        "between",
        "23:10",
        "midnight",
        "t past",
        "24:10",
    ]
    assert told(["s", None, "s"])[1:4] == ["21:10", "without", "22:10"]
    assert told(["s", None, "s"])[4] == "s again"
    assert told(["s", None, "gone"]) == ["s", "21:10", "after", "22:10", "23:10"]
    assert told(["s", None], ends=False) == ["s", "21:10", "between", "22:10"]


def test_midnight_stands_once_where_the_first_entry_is_past_it() -> None:
    assert told(["s"] * 5) == ["s", "21:10", "22:10", "23:10", "midnight", "24:10", "25:10"]
    late = [views.stream_row(row(id=str(n)), SHANGHAI, EN) for n in range(2)]
    assert [type(one) for one in day_items(late, {})] == [Midnight, views.StreamRow, views.StreamRow]
    assert [type(one) for one in day_items(late, {}, begins=False)] == [views.StreamRow] * 2


def test_the_newest_first_have_midnight_below_the_first_that_is_past_it() -> None:
    early = views.stream_row(row(id="0", occurred_at="2025-03-16T23:10:00+08:00"), SHANGHAI, EN)
    late = [views.stream_row(row(id=str(n)), SHANGHAI, EN) for n in (2, 1)]
    found = [getattr(one, "id", "midnight") for one in newest_first([*late, early], all_here=True)]
    assert found == ["2", "1", "midnight", "0"]
    assert [getattr(one, "id", "midnight") for one in newest_first(late, all_here=False)] == ["2", "1"]
    assert [getattr(one, "id", "midnight") for one in newest_first(late, all_here=True)] == ["2", "1", "midnight"]


def test_marks_without_words_are_flags_on_the_memo_they_were_made_in() -> None:
    sound = {"kind": "audio", "name": None, "sha256": "aa", "integrity": "ok", "duration": 300.0}
    memo = views.stream_row(row(id="m", kind="voice", attachments=[sound]), SHANGHAI, EN)

    def mark(name: str, at: float, memo: str = "m", text: str = "") -> views.StreamRow:
        said = row(id=name, kind="marker", text=text, during={"memo": memo, "at": at}, people=["P01"])
        return views.stream_row(said, SHANGHAI, EN)

    rows = [mark("a", 90), memo, mark("b", 30), mark("c", 60, text="why?"), mark("d", 5, memo="elsewhere")]
    found = flagged(rows)
    assert [one.id for one in found] == ["m", "c", "d"]
    assert list(found[0].flags) == [30, 90]
    assert flagged([memo]) == [memo]


def test_people_are_named_in_the_row_with_their_department() -> None:
    known = {"P11": Said(words="P11 Fang", group="production")}
    said = views.stream_row(row(scene="33-1", people=["P11", "U1"], codes=["roi"]), SHANGHAI, EN, known)
    assert [(one.words, one.group) for one in said.meta] == [
        ("33-1", None), ("P11 Fang", "production"), ("U1", ""), ("roi", None),
    ]  # fmt: skip
    assert said.label.endswith("33-1 · P11 Fang · U1 · roi")


def test_a_count_a_take_and_the_second_of_a_memo_are_seen_in_the_row() -> None:
    counted = row(kind="count", count=3, text="phone looked at", during={"memo": "m", "at": 728.4})
    seen = views.stream_row(counted, SHANGHAI, EN)
    assert (seen.text, seen.heard) == ("3 × phone looked at", views.Heard(memo="m", at=728.4))
    assert views.stream_row(row(kind="count", count=2), SHANGHAI, EN).text == "2"
    shot = row(scene="34-2", take="4", certainty="unsure", codes=["roi"], precision="about")
    assert joined(views.stream_row(shot, SHANGHAI, EN).meta) == "34-2 · take 4 · not sure · roi · about"
    assert joined(views.stream_row(row(precision="day"), SHANGHAI, EN).meta) == "day only"


def test_a_figure_reads_as_a_sentence() -> None:
    figure = {"name": "完播率", "value": "61", "unit": "%", "of": "at 3 s", "mode": "shown", "by": "P05"}
    assert views.figure_words(figure, EN) == "完播率 61 % at 3 s · shown · P05"


def test_every_kind_of_operation_has_a_word_in_a_history() -> None:
    assert set(history_views.DONE) == set(KINDS)
