"""Times, dates and cells as people type them: understood, or refused in a sentence; and files of settings."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR
from fieldlog.model.line import compact
from fieldlog.model.production_clock import ProductionClock
from fieldlog.services.copies.ledger import LEDGER, Ledger
from fieldlog.services.copies.only_here import delivered
from fieldlog.services.day.callsheet_cells import Unclear, code_list, number_of, read_date, read_times, scene_list
from fieldlog.services.study import device, erase_promise
from fieldlog.services.study.kept import Form, _read
from fieldlog.services.study.typed_times import moment_typed, plain, told
from tests.damage import NUMBERS, ODD_TEXT, SIGNS, Fuzz, hurt, hurt_json

ZONES = st.sampled_from(
    ["Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati", "Africa/Monrovia", "UTC", "Europe/Berlin"]
)
DAYS = st.dates(date(1900, 1, 2), date(2200, 12, 30)).map(date.isoformat) | st.sampled_from(
    ["2025-03-30", "2025-10-26", "1900-01-01", "2200-12-31"]
)
SAID = """22:05|25:41|2025年3月16日 22:05:17|2025-03-16|2025-03-16T22:05:00+08:00|2025-03-16T22:05:00.123456Z
３月１６日|晚8点半|凌晨2:00|次日3:10|12am|4.05 pm|16/03/2025 9:05|Sun 16 March 2025 10:05|March 16th, 2025|2205
20250316T220500|23:59:60|47:59|中午12:30|16.3.2025|2025/3/16 25:10|半夜|第二天 1点三刻|+1 01:10|10-11
8:30–10:00|34-1到34-4, 342|第5集12场|R34-2A|PD14|P01 P02""".replace("\n", "|").split("|")
PARTS = st.lists(
    st.sampled_from((*SAID, *SIGNS, *NUMBERS, " ", "am", "pm", "晚", "次日", "年", "月", "日", "点", "半", "T")),
    max_size=5,
).map("".join)
TYPED = (
    hurt([one.encode() for one in SAID], most=1).map(lambda said: said.decode(errors="replace"))
    | PARTS
    | ODD_TEXT
    | st.sampled_from(SAID)
)


def test_a_time_may_be_typed_in_any_way(fuzz: Fuzz) -> None:
    def look(given: tuple[str, str, str, bool]) -> None:
        typed, zone, day, beside = given
        found = told(typed, zone, on=day if beside else None)
        assert found.at.tzinfo
        assert FIRST_YEAR - 1 <= found.at.astimezone(UTC).year <= LAST_YEAR + 1
        assert found.day is None or date.fromisoformat(found.day).year in range(FIRST_YEAR, LAST_YEAR + 1)
        if not found.day:
            assert (found.precision == "exact") >= (found.at.second != 0)
            plain(typed)

    fuzz(st.tuples(TYPED, ZONES, DAYS, st.sampled_from([True, True, True, False])), look)


def test_a_moment_written_as_one_types_it_means_itself(fuzz: Fuzz) -> None:
    """But for the hour that a clock put back shows twice."""

    def look(given: tuple[datetime, str, str]) -> None:
        at, zone, day = given
        at = at.replace(microsecond=0)
        typed = ProductionClock(day, zone).said(at, seconds=True)
        off = abs((moment_typed(typed, day, zone) - at).total_seconds())
        assert off <= 2 * 3600
        assert off == 0 or zone in (
            "America/St_Johns",
            "Europe/Berlin",
            "Asia/Shanghai",
            "Africa/Monrovia",
            "Pacific/Kiritimati",
        )

    moments = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
    fuzz(st.tuples(moments, ZONES, DAYS), look)


def test_a_cell_of_a_plan_may_say_anything(fuzz: Fuzz) -> None:
    def look(said: str) -> None:
        code_list(said)
        scenes, unclear = scene_list(said)
        assert len(scenes) + len(unclear) <= len(said) * 60
        for read in (read_date, read_times, number_of):
            try:
                read(said)
            except Unclear as why:
                assert why.why in ("date", "year", "day-or-month", "time", "number")

    fuzz(TYPED, look)


AT = "2025-03-16T22:05:00+08:00"
SHA = "0" * 64
POSITION = {"segment": 1, "offset": 5, "n": 2, "head": SHA}
COPY = {"at": AT, "lines": 2, "bytes": 90, "team_only": False}
FILES: list[tuple[Form, dict[str, Any]]] = [
    (LEDGER, {
        "version": 1, "archive": {"folder": "/a", "written_at": AT, "verified_at": AT, "faults": 0},
        "copies": [{"path": "/b.zip", **COPY}], "covered": {"w": POSITION}, "bundled": {"w": 2},
        "begun": {"/c": AT},
        "outgoing": [{"name": "b.zip", "sha256": SHA, "covered": {"w": POSITION}, **COPY}],
        "rows": [{
            "kind": "outgoing", "path": "b.zip", "part": "b.zip.1.part", "begun": AT, "sha256": SHA,
            "covered": {"w": POSITION}, "verified_at": AT, "faults": 0, **COPY,
        }],
    }),
    (device.DEVICE, {
        "id": "0195", "label": "Phone", "current": "0195", "version": 1,
        "writers": {"0195": {"team": "a" * 16, "mine": "b" * 16}},
        "preferences": {"language": "zh"},
    }),
    (erase_promise.ERASING, {"at": AT, "ops": {"team": []}, "records": ["e"], "files": [SHA], "memos": ["e"]}),
]  # fmt: skip


def test_a_settings_file_may_say_anything(fuzz: Fuzz) -> None:
    whole = [
        st.tuples(st.just(form), hurt_json(said).map(lambda one: json.dumps(one).encode())) for form, said in FILES
    ]
    torn = [st.tuples(st.just(form), hurt([compact(said)])) for form, said in FILES]

    def look(given: tuple[Form, bytes]) -> None:
        form, data = given
        kept, all_of_it = _read(data, form)
        again, same = _read(compact(kept), form)
        assert again == kept, "what was read can be written, and says the same"
        assert same or not all_of_it
        if form is LEDGER:
            assert all(one.at.tzinfo for one in delivered(Ledger.of(kept)))
            assert all(at.tzinfo for at in Ledger.of(kept).unfinished.values())
        if not all_of_it:
            raise NotUnderstood("It is laid aside.")

    fuzz(st.one_of(*whole, *torn), look)
