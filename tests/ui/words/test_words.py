"""Every visible word is there in every language, and the compiled words are those of the text."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy

import pytest

import words as made
from fieldlog.model.called import DAY_TYPES, Called
from fieldlog.model.errors import DiskFull, NotUnderstood
from fieldlog.model.sentence import Counted, Sentence, joined
from fieldlog.services.study.typed_times import NO_TIME
from fieldlog.ui.words.words import LANGUAGES, Words

POS = sorted(made.LOCALE.glob("*/LC_MESSAGES/fieldlog.po"))
NAMES = re.compile(r"\{(\w+)\}")


def test_every_language_but_the_source_has_its_words() -> None:
    assert {po.parts[-3] for po in POS} == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("po", POS, ids=lambda po: po.parts[-3])
def test_nothing_the_source_says_is_left_in_english(po) -> None:  # type: ignore[no-untyped-def]
    assert made.missing(po) == {}


@pytest.mark.parametrize("po", POS, ids=lambda po: po.parts[-3])
def test_the_compiled_words_are_those_of_the_text(po) -> None:  # type: ignore[no-untyped-def]
    assert po.with_suffix(".mo").read_bytes() == made.compiled(made.translated(po))


@pytest.mark.parametrize("po", POS, ids=lambda po: po.parts[-3])
def test_a_translation_has_the_same_blanks_to_fill(po) -> None:  # type: ignore[no-untyped-def]
    for (one, more), forms in made.translated(po).items():
        for form in forms if one else ():
            assert set(NAMES.findall(form)) == set(NAMES.findall(more or one)), one


def test_the_language_of_a_window_can_be_chosen() -> None:
    assert Words("en")("Now") == "Now"
    assert Words("zh")("Now") == "此刻"
    assert Words("zh").many("{n} photo kept", "{n} photos kept", 3) == "已存 3 张照片"
    assert Words("en").many("{n} photo kept", "{n} photos kept", 1) == "1 photo kept"


def test_a_refusal_is_said_in_the_windows_language_where_there_are_words_for_it() -> None:
    assert Words("zh").told(DiskFull()).startswith("未保存")
    assert Words("en").told(DiskFull()) == str(DiskFull())
    assert Words("zh").told(ValueError("{half} a sentence")) == "{half} a sentence"


def test_a_count_is_said_in_the_singular_and_the_plural_of_each_language() -> None:
    for n, en, zh in ((1, "1 fault", "1 个问题"), (0, "0 faults", "0 个问题"), (2, "2 faults", "2 个问题")):
        said = Counted("{n} fault", "{n} faults", n)
        assert (said, Words("en").told(said), Words("zh").told(NotUnderstood(said))) == (en, en, zh)


def test_a_value_is_called_in_the_language_of_the_sentence_it_stands_in() -> None:
    lei, age = Called("P08 Lei", "P08 雷"), Sentence("under 18")
    for said, en, zh in (
        (Sentence("{day}: {what}", day="PD14", what=DAY_TYPES["move"]), "PD14: Move", "PD14：转场"),
        (Sentence("{name} is here", name=lei), "P08 Lei is here", "P08 雷 在场"),
        (Sentence("Counted: {n} {what}", n=3, what="cups"), "Counted: 3 cups", "已计：3 cups"),
        (joined(lei, age), "P08 Lei · under 18", "P08 雷 · 未成年"),
        (Sentence("Kept: {words}", words=joined("{a}", "{b}", by=", ")), "Kept: {a}, {b}", "已保存：{a}, {b}"),
    ):
        assert (said, Words("en").told(said), Words("zh").told(said)) == (en, en, zh)


def test_a_blank_in_which_nothing_stands_leaves_no_space_at_the_end() -> None:
    said = Sentence("Counted: {n} {what}", n=3, what="")
    assert [Words(language).told(said) for language in ("en", "zh")] == ["Counted: 3", "已计：3"]


def test_of_nothing_that_was_done_nothing_is_said() -> None:
    assert [Words(language).told("") for language in ("en", "zh")] == ["", ""]


def test_a_sentence_is_the_same_when_it_was_copied() -> None:
    kept = Sentence("{name} is here", name=Called("P08 Lei", "P08 雷"))
    for said in (Sentence("There is no file {path}.", path="{a}"), Counted("{n} fault", "{n} faults", 2), kept):
        for again in (deepcopy(said), pickle.loads(pickle.dumps(said))):
            assert (again, Words("zh").told(again)) == (said, Words("zh").told(said))


def unsaid(tree: ast.Module, refusals: set[str]) -> Iterator[str]:
    """What is said to a person in a way that no other language has: filled in before it is looked up, or not
    marked."""
    plain = [node for node in tree.body if isinstance(node, ast.Assign)]
    plain = [node for node in plain if isinstance(node.value, ast.Constant | ast.JoinedStr)]
    constants = {getattr(target, "id", "") for node in plain for target in node.targets}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        owner = getattr(getattr(node.func, "value", None), "attr", "")
        told = [word.value for word in node.keywords if word.arg == "sentence"]
        if name in {*refusals, "__init__"} or (name == "append" and owner == "problems"):
            told += node.args[:1]
        for one in told:
            filled = isinstance(one, ast.JoinedStr) or getattr(getattr(one, "func", None), "attr", "") == "format"
            unmarked = isinstance(one, ast.Name) and one.id in constants
            bare = isinstance(one, ast.Constant) and name not in made.REFUSALS
            if filled or unmarked or (bare and bool(ast.literal_eval(one))):
                yield f"line {node.lineno}: {ast.unparse(one)}"


def refusals_of(trees: Iterable[ast.Module]) -> dict[str, bool]:
    """Every class of the source that is a refusal, and whether it is raised with a sentence or has its own."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {"FieldLogError": True}
    while True:
        more = [(one, getattr(base, "id", "")) for one in classes if one.name not in found for base in one.bases]
        more = [(one, base) for one, base in more if base in found]
        if not more:
            return found
        for one, base in more:
            own = any(isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in one.body)
            found[one.name] = found[base] and not own


def test_whatever_refuses_or_complains_can_be_said_in_another_language() -> None:
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(made.SOURCE.rglob("*.py"))}
    raised_with_one = {name for name, with_one in refusals_of(trees.values()).items() if with_one}
    assert raised_with_one | {"DamagedLine", "NotSaved"} == made.REFUSALS
    found = {file.name: list(unsaid(tree, made.REFUSALS)) for file, tree in trees.items()}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "code",
    [
        'raise NotFound(f"There is no {name}.")',
        'raise NotFound("There is no {}.".format(name))',
        'GONE = "It is gone."\nraise NotFound(GONE)',
        'done.problems.append(f"{name} is odd.")',
        'Fault(sentence="It is odd.")',
        'super().__init__("It is odd.")',
    ],
)
def test_a_sentence_that_could_be_said_in_english_alone_is_seen(code: str) -> None:
    assert list(unsaid(ast.parse(code), {"NotFound"}))


def test_a_word_left_out_is_seen() -> None:
    (call,) = (node for node in ast.walk(ast.parse('words("Left out")')) if isinstance(node, ast.Call))
    assert list(made.said(call)) == [("Left out", "")]


def test_what_was_typed_is_named_in_either_language_and_is_not_translated_itself() -> None:
    why = Sentence(NO_TIME, typed="Now")
    said = Sentence("Line {line} of {name} was left out: {why}", line=2, name="a.csv", why=why)
    assert str(said).startswith("Line 2 of a.csv was left out: “Now” is no time.")
    assert Words("zh").told(NotUnderstood(said)).startswith("a.csv 第 2 行已略过：“Now”不是时间。")
    assert Words("en").told(said) == said
