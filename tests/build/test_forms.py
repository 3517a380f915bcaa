"""The blank forms: Word documents that are what the Markdown beside them says, in both languages."""

from __future__ import annotations

import io
import posixpath
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from forms import FORMS, document, paragraphs

SOURCES = sorted(FORMS.glob("*.md"))
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def parts(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        return {name: found.read(name) for name in found.namelist()}


def faults(packed: bytes) -> list[str]:
    """What keeps these bytes from being a Word document: parts that don't parse, have no type or are not there."""
    found = parts(packed)
    trees = {name: ElementTree.fromstring(data) for name, data in found.items()}
    said = trees["[Content_Types].xml"]
    endings = {one.get("Extension", "") for one in said.findall(f"{TYPES}Default")}
    named = {
        one.get("PartName", "").removeprefix("/"): one.get("ContentType")
        for one in said.findall(f"{TYPES}Override")
    }
    wrong = [f"{name} has no type" for name in found if name.rsplit(".", 1)[-1] not in endings | {*named}]
    wrong += [f"{name} is not there" for name in named if name not in found]
    wrong += ["no part is the document"] if named.get("word/document.xml") != MAIN else []
    for name, tree in trees.items():
        if name.endswith(".rels"):
            base = posixpath.dirname(posixpath.dirname(name))
            targets = [posixpath.join(base, one.get("Target", "")) for one in tree.iter(RELATION)]
            wrong += [f"{name} leads to {target}" for target in targets if target not in found]
    styles = {one.get(f"{WORD}styleId") for one in trees["word/styles.xml"].iter(f"{WORD}style")}
    used = {one.get(f"{WORD}val") for one in trees["word/document.xml"].iter(f"{WORD}pStyle")}
    return wrong + [f"the style {name} is not there" for name in used - styles]


def words_of(packed: bytes) -> list[str]:
    """The words of each paragraph; a tab, and a line to write on, as a tab."""
    body = ElementTree.fromstring(parts(packed)["word/document.xml"])
    return [
        "".join(
            "\t" if one.tag == f"{WORD}tab" else one.text or ""
            for run in paragraph.iter(f"{WORD}r")
            for one in run
        )
        for paragraph in body.iter(f"{WORD}p")
    ]


def test_there_is_a_sheet_and_a_form_in_each_language() -> None:
    assert [one.stem for one in SOURCES] == [
        "consent-form", "consent-form.zh", "information-sheet", "information-sheet.zh",
    ]  # fmt: skip
    assert {one.with_suffix(".docx") for one in SOURCES} == set(FORMS.glob("*.docx"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_document_in_the_folder_is_what_the_script_makes_of_the_words_beside_it(source: Path) -> None:
    assert source.with_suffix(".docx").read_bytes() == document(source.read_text("utf-8"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_part_of_a_document_parses_has_its_type_and_is_there(source: Path) -> None:
    assert faults(source.with_suffix(".docx").read_bytes()) == []


def test_a_part_without_a_type_and_a_style_that_is_not_there_would_be_seen() -> None:
    found = parts(document("# Consent form"))
    found["word/media/logo.png"] = b"<logo/>"
    found["word/styles.xml"] = found["word/styles.xml"].replace(b'"Heading1"', b'"Heading9"')
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for name, data in found.items():
            into.writestr(name, data)
    assert faults(packed.getvalue()) == ["word/media/logo.png has no type", "the style Heading1 is not there"]


@pytest.mark.parametrize(
    "source", [one for one in SOURCES if ".zh" not in one.name], ids=lambda source: source.stem
)
def test_both_languages_have_the_same_headings_boxes_and_lines(source: Path) -> None:
    chinese = source.with_name(f"{source.stem}.zh.md")
    kinds = [[style for style, _ in paragraphs(one.read_text("utf-8"))] for one in (source, chinese)]
    assert kinds[0] == kinds[1]


def test_a_form_has_headings_boxes_to_tick_and_lines_to_sign() -> None:
    form = (
        "# Consent\n\n**[Title]** of\nthe study\n\n- [ ] I agree\n  to all\n- **Sound** ☐ yes\n\n"
        "Name: ____ Date: ____\n"
    )
    assert list(paragraphs(form)) == [
        ("Heading1", "Consent"), ("Normal", "**[Title]** of the study"), ("Box", "☐\tI agree to all"),
        ("Item", "•\t**Sound** ☐ yes"), ("Line", "Name: ____ Date: ____"),
    ]  # fmt: skip
    assert words_of(document(form)) == [
        "Consent", "[Title] of the study", "☐\tI agree to all", "•\tSound ☐ yes", "Name: \t Date: \t",
    ]  # fmt: skip


def test_two_lines_of_chinese_join_without_a_space() -> None:
    assert list(paragraphs("我看、听、问，\n把了解到的写下来。")) == [
        ("Normal", "我看、听、问，把了解到的写下来。")
    ]


def test_what_is_to_be_filled_in_is_marked_and_signs_of_xml_stay_signs() -> None:
    made = document("**[Title]** by [Name] & <someone>")
    assert parts(made)["word/document.xml"].count(b'<w:highlight w:val="yellow"/>') == 2
    assert words_of(made) == ["[Title] by [Name] & <someone>"]


@pytest.mark.parametrize("line", ["### Small", "| a | b |", "1. one", "see [the guide](ethics.md)", "---"])
def test_what_no_form_here_has_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="A form can't have this"):
        document(line)
