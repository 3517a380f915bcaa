"""The archive's README: what this is and how to check it, for someone who never saw the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from fieldlog.archive.day.content import Survey
from fieldlog.archive.day.inert import markdown_line
from fieldlog.archive.day.labels import (
    CERTAINTY,
    DAY_TYPES,
    KINDS,
    NOTE_TYPES,
    RELS,
    SENSITIVITY,
    SESSION_TYPES,
    SPEECH,
    TAKE_RESULTS,
)
from fieldlog.archive.living.place import mark
from fieldlog.archive.names import day_folder
from fieldlog.model.standing import shown

Doc = Mapping[str, Any]

_ENGLISH = """\
## English

These are field notes, voice memos, photos and documents of one ethnographic study of film and television
production, filed by production day. Everything here is plain text (UTF-8), CSV, JSON, or the media file as
it was made; no special program is needed.

**Check it.** Every file is listed with its SHA-256 in `manifest-sha256.txt`; each day's folder has its own.

    sha256sum --check manifest-sha256.txt
    cd days/<day> && sha256sum --check manifest-sha256.txt

A file that no manifest lists was put here by someone else. If a `manifest-sha256.txt.new` lies beside a
manifest, the last writing was interrupted there.

**Production day.** A crew's day ends when it wraps, not at midnight. An entry belongs to the day of its
session; else to the day whose start and end hold it; else to its local date less the boundary hour
(@HOUR@:00 in this study); a choice made by hand beats all. Times are on the wall of @ZONE@. Past midnight
the clock goes on counting, with the calendar beside it: 25:10 (2025-03-17 01:10).

**What lies where.**

- `days/<date>_<code>/` a production day; without a number only its date.
- `…_notes.md`, `…_notes.txt` the notes to read, in order of the time they tell of.
- `…_observations.csv` one row an entry. A cell that begins with = + - @ has an apostrophe before it.
- `….json` all records of the day without loss, one a line; names that begin with _ tell its history.
- `audio/`, `photos/`, `documents/` named date_day_time_kind-number, time as HHMMSS on the calendar's clock.
  A voice memo made of several pieces is one WAV; the JSON lists the pieces.
- `data-list.csv` a row for every file in `days/`.
- `log/` every change as it was made, one transaction a line, by the device that made it. All else here is
  worked out from it. A line holds a SHA-256 of its body and of the head before it.

A file that a note names and that is not here was not at hand when the archive was written. What was removed
on request leaves a count and no words. People appear under pseudonyms; their names are not in the tables.
A time marked ≈ is approximate. "Written … later" tells how long after it happened a note was written down.
"""

_CHINESE = """\
## 中文

这是一项影视制作民族志研究的田野笔记、录音、照片和文件，按制作日归档。所有内容都是纯文本（UTF-8）、CSV、JSON
或媒体原件，不需要专门的软件。

**校验。** 每个文件的 SHA-256 都列在 `manifest-sha256.txt` 中，每天的文件夹另有一份。

    sha256sum --check manifest-sha256.txt
    cd days/<制作日> && sha256sum --check manifest-sha256.txt

清单里没有的文件是别人放进来的。清单旁如有 `manifest-sha256.txt.new`，说明上次写入在那里中断。

**制作日。** 剧组的一天到收工为止，不到午夜。记录归入其时段所在的日；否则归入起止时间包含它的日；
否则按当地日期减去分界时刻（本研究为 @HOUR@:00）；人工指定优先于一切。时间按 @ZONE@。
过了午夜继续累计，旁注日历时间：25:10 (2025-03-17 01:10)。

**内容。**

- `days/<日期>_<代号>/` 一个制作日；没有编号的只有日期。
- `…_notes.md`、`…_notes.txt` 可读的笔记，按所述时间排列。
- `…_observations.csv` 每条一行。以 = + - @ 开头的单元格前加了撇号。
- `….json` 当日全部记录，无损，每条一行；以 _ 开头的字段是修改历史。
- `audio/`、`photos/`、`documents/` 文件名为 日期_制作日_时刻_种类-序号，时刻为日历时钟的 HHMMSS。
  分段的录音合成一个 WAV，分段列在 JSON 中。
- `data-list.csv` 列出 `days/` 里的每个文件。
- `log/` 每台设备的每次改动，一行一次，其余内容都由它推出。每行含本体与前一行头部的 SHA-256。

笔记提到而这里没有的文件，写入归档时不在手边。应要求移除的内容只留数目，不留文字。人物一律用化名，真名不在表中。
≈ 表示约略时间。“晚……记”表示事后多久才写下。
"""


def readme(survey: Survey, dates: Sequence[str]) -> bytes:
    """The same study and register give the same bytes; of entries it says nothing, so notes don't change it."""
    study = survey.study
    title = " · ".join(str(study[name]) for name in ("title", "title_zh") if study.get(name))
    hour, zone = f"{survey.calendar.boundary_hour:02d}", survey.calendar.zone
    fixed = [text.replace("@HOUR@", hour).replace("@ZONE@", zone) for text in (_ENGLISH, _CHINESE)]
    lines = [mark(study["id"]) + "---", "", f"# {markdown_line(title)}", "", *fixed]
    lines += [*_days(survey, dates), *_register(survey), *_vocabulary()]
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "backslashreplace")


def _days(survey: Survey, dates: Sequence[str]) -> Iterator[str]:
    places = survey.tables["places"]
    yield from _table(
        "Production days 制作日", ("folder 文件夹", "type 类型", "title 标题", "place 地点"),
        (
            (day_folder(date, day), DAY_TYPES.get(day.get("type", ""), ""), day.get("title"),
             places.get(day.get("place", ""), {}).get("code"))
            for date, day in ((date, survey.days.get(date, {})) for date in dates)
        ),
    )  # fmt: skip


def _register(survey: Survey) -> Iterator[str]:
    for head, table, fields in (
        ("People 人物", "people", {
            "code 代号": "code", "pseudonym": "pseudonym", "化名": "pseudonym_zh",
            "role": "role", "职务": "role_zh",
        }),
        ("Places 地点", "places", {"code 代号": "code", "name": "name", "名称": "name_zh", "kind 种类": "kind"}),
        ("Codes 编码", "codes", {
            "code 代号": "code", "label": "label", "名称": "label_zh", "definition 定义": "memo",
        }),
        ("Scenes 场次", "scenes", {
            "scene 场次": "code", "episode 集": "episode", "INT/EXT": "ie", "D/N": "dn",
            "synopsis 梗概": "synopsis",
        }),
    ):  # fmt: skip
        docs = [doc for doc in survey.tables[table].values() if shown(doc)]
        docs.sort(key=lambda doc: (str(doc.get("code", "")), doc["id"]))
        yield from _table(head, list(fields), ([doc.get(name) for name in fields.values()] for doc in docs))


@cache
def _vocabulary() -> tuple[str, ...]:
    """The same for every study: drawn once."""
    tables = (
        ("Kinds of entry 记录种类", KINDS), ("Note types 笔记类型", NOTE_TYPES),
        ("Session types 时段类型", SESSION_TYPES),
        ("Day types 制作日类型", DAY_TYPES), ("Speech 言语", SPEECH), ("Sensitivity 敏感度", SENSITIVITY),
        ("Certainty 把握", CERTAINTY), ("Takes 条次", TAKE_RESULTS), ("Links 关联", RELS),
    )  # fmt: skip
    columns = ("stored as 存为", "meaning 含义")
    return tuple(line for head, words in tables for line in _table(head, columns, words.items()))


def _table(head: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"## {head}"
    yield ""
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(markdown_line(str('' if cell is None else cell)) for cell in row)} |"
    yield ""
