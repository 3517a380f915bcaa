"""Make the blank forms in docs/forms as Word documents, from the Markdown beside them.

    python3 build/forms.py

Of Markdown it knows what a form needs: # and ## headings, paragraphs, - lists, - [ ] boxes to tick, **bold**, and
four underscores or more for a line to write on. What stands in [square brackets] is to be filled in, and is marked
in yellow. The same Markdown gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

FORMS = Path(__file__).resolve().parent.parent / "docs" / "forms"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o644 << 16
UNIX = 3

PAGE, EDGE = (11906, 16838), 1134
"""A4 and its margins. Word measures in twentieths of a point."""

WIDTH = PAGE[0] - 2 * EDGE
HANGING = 397

STYLES = (("# ", "Heading1", ""), ("## ", "Heading2", ""), ("- [ ] ", "Box", "☐"), ("- ", "Item", "•"))
"""How a line of Markdown begins, the style it has in Word, and the sign that hangs before it."""

_UNKNOWN = re.compile(r"#{3,}|\||>|```|-{3}|[*+] |\d+\. |.*\]\(")
_PIECES = re.compile(r"(\*\*.+?\*\*|\[[^\]]+\]|_{4,})")
_HAN = re.compile("[\u2e80-\uffef]")

Paragraph = tuple[str, str]
"""The name of its style, and its words with the marks of Markdown still in them."""


def main() -> None:
    for source in sorted(FORMS.glob("*.md")):
        source.with_suffix(".docx").write_bytes(document(source.read_text(encoding="utf-8")))


def document(markdown: str) -> bytes:
    """A form as a Word document. Raises `ValueError` for Markdown that no form here has."""
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES, "_rels/.rels": _RELATIONS,
        "word/document.xml": _body(paragraphs(markdown)), "word/_rels/document.xml.rels": _STYLE_RELATION,
        "word/styles.xml": _STYLES_PART,
    }  # fmt: skip
    packed = io.BytesIO()
    # Stored, since not every machine packs alike.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as into:
        for name, text in parts.items():
            about = zipfile.ZipInfo(name, LONG_AGO)
            about.create_system, about.external_attr = UNIX, FILE_MODE
            into.writestr(about, _DECLARATION + text)
    return packed.getvalue()


def paragraphs(markdown: str) -> Iterator[Paragraph]:
    """The paragraphs in their order; a blank line, or one that begins like a list or a heading, ends one."""
    style, words = "", ""
    for line in [*markdown.splitlines(), ""]:
        if _UNKNOWN.match(line):
            raise ValueError(f"A form can't have this: {line}")
        begun = next(((mark, name, sign) for mark, name, sign in STYLES if line.startswith(mark)), None)
        if words and (begun or not line.strip()):
            yield style or ("Line" if "____" in words else "Normal"), words
            style, words = "", ""
        if begun:
            mark, style, sign = begun
            words = f"{sign}\t{line[len(mark) :]}" if sign else line[len(mark) :]
        elif line.strip():
            words = _joined(words, line.strip())


def _joined(words: str, line: str) -> str:
    """Two lines of one paragraph; Chinese has no space between them."""
    tight = not words or (_HAN.match(words[-1]) and _HAN.match(line[0]))
    return f"{words}{'' if tight else ' '}{line}"


def _body(parts: Iterator[Paragraph]) -> str:
    written = "".join(_paragraph(style, words) for style, words in parts)
    page = (
        f'<w:sectPr><w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/><w:pgMar w:top="{EDGE}" w:right="{EDGE}" '
        f'w:bottom="{EDGE}" w:left="{EDGE}" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    return f"<w:document {_NAMESPACE}><w:body>{written}{page}</w:body></w:document>"


def _paragraph(style: str, words: str) -> str:
    pieces = [piece for piece in _PIECES.split(words) if piece]
    lines = sum(piece.startswith("____") for piece in pieces)
    stops = "".join(
        f'<w:tab w:val="left" w:leader="underscore" w:pos="{WIDTH * n // lines}"/>' for n in range(1, lines + 1)
    )
    tabs = f"<w:tabs>{stops}</w:tabs>" if stops else ""
    runs = "".join(map(_run, pieces))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{tabs}</w:pPr>{runs}</w:p>'


def _run(piece: str) -> str:
    if piece.startswith("____"):
        return "<w:r><w:tab/></w:r>"
    bold, words = piece.startswith("**"), piece.removeprefix("**").removesuffix("**")
    look = ("<w:b/>" if bold else "") + ('<w:highlight w:val="yellow"/>' if words.startswith("[") else "")
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{_text(words)}</w:r>"


def _text(words: str) -> str:
    """Words and tabs as a run holds them."""
    said = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in words.split("\t"))
    return "<w:tab/>".join(said)


def _style(name: str, called: str, paragraph: str, run: str = "", *, following: str = "") -> str:
    """A style of paragraphs. What Word calls it decides whether it shows among the headings."""
    based = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
    then = f'<w:next w:val="{following}"/>' if following else ""
    kind = 'w:type="paragraph"' + (' w:default="1"' if name == "Normal" else "")
    look = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style {kind} w:styleId="{name}"><w:name w:val="{called}"/>{based}{then}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr>{look}</w:style>"
    )


def _heading(level: int, before: int, half_points: int) -> str:
    return _style(
        f"Heading{level}", f"heading {level}",
        f'<w:keepNext/><w:spacing w:before="{before}" w:after="120"/><w:outlineLvl w:val="{level - 1}"/>',
        f'<w:b/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>', following="Normal",
    )  # fmt: skip


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CONTENT_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)


def _related(what: str, target: str) -> str:
    inside = f'<Relationship Id="rId1" Type="{_OFFICE}/{what}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


_RELATIONS = _related("officeDocument", "word/document.xml")
_STYLE_RELATION = _related("styles", "styles.xml")
_HANGS = (
    f'<w:tabs><w:tab w:val="left" w:pos="{HANGING}"/></w:tabs><w:spacing w:after="80"/>'
    f'<w:ind w:left="{HANGING}" w:hanging="{HANGING}"/>'
)
_STYLES_PART = "".join((
    f"<w:styles {_NAMESPACE}><w:docDefaults><w:rPrDefault><w:rPr>",
    '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" w:cs="Calibri"/>',
    '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB" w:eastAsia="zh-CN"/>',
    "</w:rPr></w:rPrDefault></w:docDefaults>",
    _style("Normal", "Normal", '<w:spacing w:after="120" w:line="276" w:lineRule="auto"/>'),
    _heading(1, 0, 32), _heading(2, 280, 25),
    _style("Item", "Form item", _HANGS), _style("Box", "Form box", "<w:keepLines/>" + _HANGS),
    _style("Line", "Form line", '<w:keepLines/><w:spacing w:before="300" w:after="60"/>'), "</w:styles>",
))  # fmt: skip


if __name__ == "__main__":
    main()
