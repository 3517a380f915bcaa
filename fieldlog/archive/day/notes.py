"""The day's notes to read: Markdown with YAML in front, and plain text. UTF-8, LF, no BOM."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from fieldlog.archive.day.content import DayContent, Doc
from fieldlog.archive.day.inert import escaped, line_feeds, markdown, markdown_line, one_line, yaml
from fieldlog.archive.day.labels import DAY_TYPES, NO_WORDS, TAKE_RESULTS, Labels, removed
from fieldlog.archive.day.media_files import MediaFile
from fieldlog.archive.day.page import FileLine, Item, Page

_SESSIONS = "Sessions 时段"
_TAKES = "Takes 条次"
_LOOSE = "Files without an entry 无记录的文件"
_OTHER = "Also written, not decided yet 另一版本，未定"
_DAY_FACTS = (
    "starts", "ends", "shoot_day", "weather", "call", "first_shot",
    "scenes_scheduled", "scenes_done", "presence",
)  # fmt: skip


def as_markdown(page: Page, items: list[Item], files: list[MediaFile]) -> bytes:
    """Front matter, then a heading an entry, under its session's heading. The words are inert."""
    lines = ["---", *_front(page, files), "---", "", f"# {markdown_line(title(page.content))}", ""]
    if summary := (page.content.day or {}).get("summary"):
        lines += [markdown(str(summary)), ""]
    for head, rows in _lists(page):
        lines += [f"## {head}", "", *(f"- {markdown_line(row)}" for row in rows), ""]
    for item in items:
        if item.section:
            lines += [f"## {markdown_line(item.section)}", ""]
        lines += [f"### {escaped(item.head)}", "", escaped(item.facts), ""]
        lines += [markdown(item.text) if item.text.strip() else f"*{NO_WORDS}*", ""]
        for other in item.others:
            lines += [f"*{_OTHER}:*", "", markdown(other), ""]
        if item.files or item.links:
            listed = chain(map(_file_link, item.files), map(markdown_line, item.links))
            lines += [*(f"- {row}" for row in listed), ""]
    if loose := [page.file(name, page.paths.get(name, "")) for name in page.content.loose]:
        lines += [f"## {_LOOSE}", "", *(f"- {_file_link(line)}" for line in loose), ""]
    if page.content.erased:
        lines += [f"*{removed(len(page.content.erased))}*", ""]
    return _encoded(lines)


def as_text(page: Page, items: list[Item]) -> bytes:
    """The same, with the words exactly as they were written but for line ends and control characters."""
    lines = [one_line(title(page.content)), ""]
    if summary := (page.content.day or {}).get("summary"):
        lines += [line_feeds(str(summary)), ""]
    for head, rows in _lists(page):
        lines += [head, *(f"  {one_line(row)}" for row in rows), ""]
    for item in items:
        if item.section:
            lines += [f"== {one_line(item.section)} ==", ""]
        lines += [f"{item.head} · {item.facts}", line_feeds(item.text)]
        for other in item.others:
            lines += [f"[{_OTHER}]", line_feeds(other)]
        lines += [f"  [{one_line(f'{line.path} {line.about}')}]" for line in item.files]
        lines += [f"  {one_line(link)}" for link in item.links]
        lines.append("")
    if loose := [page.file(name, page.paths.get(name, "")) for name in page.content.loose]:
        lines += [_LOOSE, *(f"  [{one_line(f'{line.path} {line.about}')}]" for line in loose), ""]
    if page.content.erased:
        lines += [f"[{removed(len(page.content.erased))}]", ""]
    return _encoded(lines)


def title(content: DayContent) -> str:
    """`PD14 · 2025-03-16 · Night at the villa`."""
    day = content.day or {}
    parts = [day.get("code"), content.date, day.get("title")]
    return " · ".join(str(part) for part in parts if part)


def _front(page: Page, files: list[MediaFile]) -> Iterator[str]:
    content, day = page.content, page.content.day or {}
    yield f"title: {yaml(title(content))}"
    yield f"study: {yaml(str(content.study.get('title', '')))}"
    yield f"study_id: {yaml(str(content.study['id']))}"
    yield f"date: {content.date}"
    yield f"production_day: {yaml(str(day.get('code') or ''))}"
    yield f"day_type: {yaml(DAY_TYPES.get(day.get('type', ''), str(day.get('type', ''))))}"
    yield f"zone: {yaml(content.zone)}"
    if day.get("place"):
        yield f"place: {yaml(page.labels.names([day['place']]))}"
    for name in _DAY_FACTS:
        if day.get(name) is not None:
            value = day[name]
            yield f"{name}: {yaml(value if isinstance(value, int) else str(value))}"
    yield f"entries: {len(content.entries)}"
    for name, kind in (("voice_memos", "audio"), ("photos", "photo"), ("papers", "document")):
        yield f"{name}: {sum(file.kind == kind for file in files)}"
    yield f"removed_on_request: {len(content.erased)}"
    for name, table in (("people", "people"), ("codes", "codes")):
        found = sorted(page.labels.full[key] for key in content.names.get(table, ()))
        yield f"{name}: {yaml(list(dict.fromkeys(found)))}"


def _lists(page: Page) -> Iterator[tuple[str, list[str]]]:
    """What comes before the entries: sessions, also those nobody wrote in, and takes."""
    content, labels = page.content, page.labels
    if content.sessions:
        rows = [(page.heads[found["id"]], page.session_facts(found)) for found in content.sessions]
        yield _SESSIONS, [" · ".join(row) for row in rows]
    if content.takes:
        yield _TAKES, [_take(take, labels) for take in content.takes]


def _take(take: Doc, labels: Labels) -> str:
    which = f"{labels.codes([take.get('scene', '')])} take {take.get('take', '')}"
    seconds = f"{take['secs']} s" if take.get("secs") else ""
    result = TAKE_RESULTS.get(take.get("result", ""), take.get("result"))
    return " · ".join(str(part) for part in (which, result, seconds, take.get("note")) if part)


def _file_link(line: FileLine) -> str:
    about = markdown_line(line.about)
    return f"[{line.path}]({line.path}) {about}" if line.path else about


def _encoded(lines: list[str]) -> bytes:
    return ("\n".join(lines).rstrip("\n") + "\n").encode("utf-8", "backslashreplace")
