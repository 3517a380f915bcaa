"""What a day's notes say, and that words never become structure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import yaml  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from markdown_it.token import Token

from fieldlog.archive.day.content import DayContent, Survey, gather
from fieldlog.archive.day.csv_sheets import read_sheet
from fieldlog.archive.day.inert import line_feeds, markdown
from fieldlog.archive.day.render import render
from fieldlog.model.standing import shown
from tests.fakes.worlds import MORROW, NIGHT, World, edges, night, record, sample

EDGES = edges()
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def texts(content: DayContent) -> dict[str, str]:
    return {name.removeprefix(content.root): data.decode("utf-8") for name, data in render(content).items()}


@pytest.fixture(scope="module")
def day() -> dict[str, str]:
    return texts(gather(night().state(), "2025-03-16"))


def heads(markdown_text: str) -> list[str]:
    return [line.removeprefix("### ") for line in markdown_text.split("\n") if line.startswith("### ")]


def test_a_note_after_midnight_shows_the_hour_of_its_day_beside_the_calendar(day: dict[str, str]) -> None:
    assert "### 25:10 (2025-03-17 01:10) · quote 引语" in day["_notes.md"]
    assert "25:10 (2025-03-17 01:10) · quote" in day["_notes.txt"]


def test_entries_stand_in_the_order_of_what_they_tell(day: dict[str, str]) -> None:
    shown_first = [head.split(" ")[0] for head in heads(day["_notes.md"])]
    assert shown_first == ["18:20", "22:10", "23:59", "25:10", "25:15", "26:00", "26:00"]


def test_a_note_written_much_later_says_so(day: dict[str, str]) -> None:
    assert day["_notes.md"].count("written 2 h later") == 1


def test_a_doubted_clock_and_another_zone_are_told(day: dict[str, str]) -> None:
    assert "clock in doubt 时钟存疑, it showed 显示 2025-01-01" in day["_notes.md"]
    assert "there 当地 18:15 UTC+01:00 Europe/London" in day["_notes.md"]


def test_entries_lie_under_the_head_of_their_session(day: dict[str, str]) -> None:
    sections = [line for line in day["_notes.md"].split("\n") if line.startswith("## ")]
    assert sections == [
        "## Sessions 时段", "## Takes 条次", "## Outside any session 不在时段内",
        "## 24:30 (2025-03-17 00:30)–29:00 (2025-03-17 05:00) shoot 拍摄: Car park",
        "## Outside any session 不在时段内 (continued 续)", "## Files without an entry 无记录的文件",
    ]  # fmt: skip


def test_what_was_erased_leaves_a_count_and_what_was_deleted_leaves_nothing(day: dict[str, str]) -> None:
    for form in ("_notes.md", "_notes.txt"):
        assert "1 item removed on request" in day[form]
    everything = "".join(day.values())
    assert "someone who withdrew" not in everything
    assert "Never mind" not in everything


def test_both_of_two_undecided_texts_are_in_the_notes(day: dict[str, str]) -> None:
    for form in ("_notes.md", "_notes.txt"):
        assert "Hers." in day[form]
        assert "His." in day[form]
    assert "undecided 未定: text" in day["_notes.md"]


def test_a_photo_without_bytes_is_spoken_of_and_has_no_file(day: dict[str, str]) -> None:
    assert "bytes not here 文件不在此处 · IMG\\_7.jpg" in day["_notes.md"]
    assert len([line for line in day["_notes.md"].split("\n") if line.startswith("- [photos/")]) == 1


def test_the_front_matter_is_yaml_that_a_parser_reads(day: dict[str, str]) -> None:
    front = yaml.safe_load(day["_notes.md"].split("---\n")[1])
    assert str(front["date"]) == "2025-03-16"
    assert front["production_day"] == "PD14"
    assert (front["entries"], front["removed_on_request"], front["voice_memos"]) == (7, 1, 1)
    assert (front["photos"], front["papers"]) == (1, 1)
    assert front["people"] == ["P02 Lan"]
    assert front["codes"] == ["metrics.roi ROI"]


def test_a_title_that_looks_like_yaml_stays_a_title() -> None:
    world = World()
    title = '---\nkey: [unclosed\n...\x85\u2028\ufeff"quoted" 🎬'
    world.new("study", "", title=title, default_tz="Asia/Shanghai")
    world.note("one", "2025-03-16T10:00:00+08:00", "Words.")
    text = texts(gather(world.state(), "2025-03-16"))["_notes.md"]
    assert yaml.safe_load(text.split("\n---\n")[0])["study"] == title


def test_text_forms_end_lines_with_lf_and_have_no_bom(day: dict[str, str]) -> None:
    for form in ("_notes.md", "_notes.txt", ".json"):
        assert "\r" not in day[form]
        assert not day[form].startswith("\ufeff")
        assert day[form].endswith("\n")


# -- words stay words


def said(text: str) -> tuple[list[str], set[str]]:
    """What a Markdown parser makes of it: paragraphs as plain words, and the kinds of tokens there were."""
    tokens = PARSER.parse(text)
    kinds = {token.type for token in walk(tokens)}
    return [words(token) for token in tokens if token.type == "inline"], kinds


def walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from walk(token.children or [])


def words(inline: Token) -> str:
    return "".join("\n" if "break" in token.type else token.content for token in inline.children or [])


PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "hardbreak", "softbreak"}


def paragraphs(text: str) -> list[str]:
    """Runs of lines with something on them."""
    parts = line_feeds(text).split("\n\n")
    return [part.strip("\n") for part in parts if part.strip("\n")]


HARD = {
    **EDGES, "setext": "a\n===\nb\n---\nc", "table": "a | b\n--- | ---\n1 | 2", "one column": "a |\n:-\nb",
    "fence": "```py\nx\n```", "tildes": "~~~\nx\n~~~", "tick": "`code` ``x``", "indent": "    code\n\n\tcode",
    "numbered": "1. one\n2) two\n12345678. x", "quoted": "> deep\n>> deeper", "stars": "* a\n+ b\n- c\n***\n___",
    "image": "![x](y) [r]: z\n[r]: http://x", "auto": "<http://x> <a@b.c>", "strike": "~~gone~~",
    "slash": "a\\\nb",
    "task": "- [x] done", "two spaces": "a  \nb", "deep": "   # no",
    "html block": "<div>\n\n<!-- x", "amp": "&lt;b&gt;",
    "control": "a\x00b\x1b[31mc\x7f", "definition": ": def\n= x", "cr": "a\rb\r\nc",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HARD))
def test_a_markdown_parser_finds_only_the_words_that_were_written(name: str) -> None:
    found, kinds = said(markdown(HARD[name]))
    assert kinds <= PLAIN
    assert [part.strip() for part in found if part.strip()] == [
        part.strip() for part in paragraphs(HARD[name]) if part.strip()
    ]


def test_edge_texts_do_not_change_the_bones_of_a_day() -> None:
    content = gather(sample().state(), "2025-03-13")
    assert {entry.get("text", "") for entry in content.entries} >= {text for text in EDGES.values() if text}
    body = texts(content)["_notes.md"].split("\n---\n", 1)[1]
    tokens = PARSER.parse(body)
    assert sum(token.type == "heading_open" and token.tag == "h3" for token in tokens) == len(content.entries)
    assert not {token.type for token in walk(tokens)} & {"html_block", "html_inline", "fence", "code_block", "hr"}


# -- tables and records


def unguarded(cell: str) -> str:
    """What a cell said before it was guarded."""
    return cell[1:] if re.match(r"''*[=+\-@\t\r]", cell) else cell


@pytest.mark.parametrize("date", ["2025-03-13", "2025-03-16"])
def test_the_csv_read_back_is_the_entries(date: str) -> None:
    content = gather(sample(300).state(), date)
    data = render(content)[f"{content.root}_observations.csv"]
    assert data.startswith(b"\xef\xbb\xbf")
    head = data.decode("utf-8-sig").split("\r\n")[0].split(",")
    rows = [dict(zip(head, map(unguarded, row), strict=True)) for row in read_sheet(data)]
    assert [row["text"] for row in rows] == [entry.get("text", "") for entry in content.entries]
    assert [row["id"] for row in rows] == [entry["id"] for entry in content.entries]
    assert [row["occurred_at"] for row in rows] == [entry["occurred_at"] for entry in content.entries]
    names = content.names["people"]
    assert [row["people"] for row in rows] == [
        "; ".join(names[name]["code"] for name in entry.get("people", ())) for entry in content.entries
    ]


def test_no_cell_would_be_run_as_a_formula() -> None:
    world = night()
    for n, text in enumerate(("=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''", "'plain")):
        world.note(f"f{n}", "2025-03-16T19:00:00+08:00", text, author="=evil()", certainty="-x")
    content = gather(world.state(), "2025-03-16")
    rows = read_sheet(render(content)[f"{NIGHT}_observations.csv"])
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    written = {unguarded(cell) for row in rows for cell in row}
    assert {"=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''", "'plain"} <= written


def test_the_json_holds_the_folded_documents_without_loss() -> None:
    state = night().state()
    content = gather(state, "2025-03-16")
    data = json.loads(render(content)[f"{NIGHT}.json"])
    assert next(iter(data)) == "fieldlog"
    folded = state.tables["entries-2025-03-16"].values()
    assert {entry["id"]: entry for entry in data["entries"]} == {doc["id"]: doc for doc in folded if shown(doc)}
    assert data["erased"] == [state.get(record("entry", "asked"))]
    assert {doc["id"] for doc in data["attachments"]} == {
        record("attachment", name) for name in ("part1", "part2", "part3", "photo", "lost", "sheet")
    }
    assert data["day"] == content.day
    assert data["links"] == [state.get(record("link", "a"))]


def test_a_lone_surrogate_survives_in_the_json() -> None:
    world = night()
    world.note("broken", "2025-03-16T19:00:00+08:00", "half \ud83c of it")
    data = json.loads(render(gather(world.state(), "2025-03-16"))[f"{NIGHT}.json"])
    assert "half \ud83c of it" in [entry.get("text") for entry in data["entries"]]


def test_files_are_numbered_by_day_and_kind_in_order_of_time(day: dict[str, str]) -> None:
    paths = [found["path"] for found in json.loads(day[".json"])["files"]]
    assert paths == [
        f"documents/{NIGHT}_170000_paper-01.csv", f"audio/{NIGHT}_020000_memo-01.wav",
        f"photos/{NIGHT}_020030_photo-01.jpg",
    ]  # fmt: skip
    assert all(len(path.rsplit("/", maxsplit=1)[-1]) <= 64 for path in paths)


def test_a_planned_day_that_never_began_is_not_there() -> None:
    survey = Survey(night().state())
    assert [survey.folder(date) for date in survey.dates()] == [NIGHT, MORROW]
