"""The pages about the app name what there is: every identifier, every route, every picture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent.parent
SCREENS, README = HOUSE / "docs" / "screens.md", HOUSE / "README.md"
PAGES = (SCREENS, README, *(HOUSE / "docs" / page for page in ("phone.md", "phone.zh.md", "sync.md")))
PICTURES = HOUSE / "docs" / "pictures"
MOST_BYTES = 60_000

# `![what is seen](docs/pictures/now.png)`, or an <img> with its parts in any order.
_MARKDOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_TAG = re.compile(r"<img\s[^>]*>")
_PART = re.compile(r'(\w+)="([^"]*)"')
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_HEAD = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| (`[^|]*`) \|", re.MULTILINE)


def plain(name: str) -> str:
    """`entry-<id>` and `entry-<row.id>` are one pattern: `entry-<>`."""
    return re.sub(r"<[^>]*>", "<>", name)


def literals(node: ast.expr) -> list[str]:
    """The strings an expression may be, as they stand in the source: both of `a if one else b`."""
    if isinstance(node, ast.IfExp):
        one, other = literals(node.body), literals(node.orelse)
        return [*one, *other] if one and other else []
    said = literal(node)
    return [] if said is None else [said]


def literal(node: ast.expr) -> str | None:
    """A string as it stands in the source, what is filled in as `<…>`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "<>" for part in node.values)
    return None


def trees(room: Path) -> list[tuple[Path, ast.Module]]:
    return [(file, ast.parse(file.read_text("utf-8"))) for file in sorted(room.rglob("*.py"))]


def identifiers(room: Path) -> dict[str, str]:
    """Every identifier given to a function whose first parameter is `identifier`, with where it is given."""
    read = trees(room)
    makers = {
        node.name
        for _, tree in read
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "identifier"
    }
    found: dict[str, str] = {}
    for file, tree in read:
        for call in calls(tree, makers):
            first = call.args[0] if call.args else call.keywords[0].value
            if isinstance(first, ast.Name) and first.id == "identifier":
                continue  # handed on by another maker
            names = literals(first)
            assert names, f"{file.name}:{call.lineno} gives an identifier that can't be read here"
            found |= {plain(name): f"{file.name}:{call.lineno}" for name in names}
    return found


def calls(tree: ast.Module, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def routes(app: Path) -> set[str]:
    """Every route as the page writes it: `/days/<day>`."""
    paths = {
        str(part.value.value)
        for node in ast.walk(ast.parse(app.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Route"
        for part in node.keywords
        if part.arg == "path" and isinstance(part.value, ast.Constant)
    }
    return {plain("/" + re.sub(r":(\w+)", r"<\1>", path)) for path in paths}


def quoted(page: str) -> set[str]:
    return {plain(name) for name in re.findall(r"`([^`\n]+)`", page)}


def pictures(page: Path) -> list[tuple[Path, str]]:
    """Every picture of a page, with its alternative words."""
    text = page.read_text("utf-8")
    found = [(where, words) for words, where in _MARKDOWN.findall(text)]
    for tag in _TAG.findall(text):
        parts = dict(_PART.findall(tag))
        found.append((parts["src"], parts.get("alt", "")))
    return [((page.parent / where).resolve(), words) for where, words in found]


def test_every_identifier_is_on_the_page() -> None:
    named = quoted(SCREENS.read_text("utf-8"))
    missing = {name: where for name, where in identifiers(HOUSE / "fieldlog" / "ui").items() if name not in named}
    assert missing == {}


def test_every_identifier_on_the_page_is_in_the_app() -> None:
    cells = "\n".join(_ROW.findall(SCREENS.read_text("utf-8")))
    named = {name for name in quoted(cells) if not name.startswith("/")}
    assert len(named) > 50
    assert named - identifiers(HOUSE / "fieldlog" / "ui").keys() == set()


def test_every_route_is_on_the_page() -> None:
    there = routes(HOUSE / "fieldlog" / "ui" / "app.py")
    assert "/days/<>/e/<>" in there
    assert there - quoted(SCREENS.read_text("utf-8")) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_is_there_and_small_and_has_words(page: Path) -> None:
    shown = pictures(page)
    assert len(shown) >= 2
    for picture, words in shown:
        assert picture.is_file(), f"{page.name} shows {picture.name}, which is not there"
        assert picture.stat().st_size <= MOST_BYTES, f"{picture.name} is large"
        assert len(words) > 20, f"{picture.name} has no words for those who don't see it"


def test_every_picture_in_the_folder_is_shown() -> None:
    shown = {picture for page in PAGES for picture, _ in pictures(page)}
    assert set(PICTURES.glob("*.png")) <= shown


def lost_links(page: Path) -> list[str]:
    """The links of a page to files and headings of ours that are not there."""
    lost = []
    for link in _LINK.findall(page.read_text("utf-8")):
        name, _, head = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if "://" not in link and (not target.exists() or (head and head not in heads(target))):
            lost.append(link)
    return lost


def heads(page: Path) -> set[str]:
    """The headings of a page as links call them: `erasing-for-good`."""
    return {
        re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in _HEAD.findall(page.read_text("utf-8"))
    }


@pytest.mark.parametrize("page", [README, *sorted((HOUSE / "docs").rglob("*.md"))], ids=lambda page: page.name)
def test_every_link_to_a_page_of_ours_leads_there(page: Path) -> None:
    assert lost_links(page) == []


def test_a_link_that_leads_nowhere_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One way\n[a](#one-way) [b](#other) [c](gone.md) [d](https://example.org/x)", "utf-8")
    assert lost_links(page) == ["#other", "gone.md"]


@pytest.mark.parametrize("guide", ["phone", "install", "ethics"])
def test_a_guide_has_the_same_headings_in_both_languages(guide: str) -> None:
    english, chinese = (HOUSE / "docs" / f"{guide}{ending}" for ending in (".md", ".zh.md"))
    assert len(_HEAD.findall(english.read_text("utf-8"))) == len(_HEAD.findall(chinese.read_text("utf-8")))


def test_an_identifier_that_the_page_lacks_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "screen.py").write_text(
        "def tagged(identifier, content): ...\n"
        "def chip(identifier): return tagged(identifier, None)\n"
        "chip('now-mic'), tagged(f'entry-{row.id}', None), chip('photo' if one else f'photo-{n}')\n",
        encoding="utf-8",
    )
    assert identifiers(tmp_path).keys() == {"now-mic", "entry-<>", "photo", "photo-<>"}
