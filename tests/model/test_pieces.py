"""Texts piece by piece: what differs is found, and what two people changed is all in what they say together."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldlog.model.pieces import GONE, NEW, SAME, Together, pieces, runs, together

WORDS = st.sampled_from(["fog", "rain", "Wen", "don't", "灯", "还", "没", "好", " ", "\n", "，", ".", "34-2"])
TEXTS = st.lists(WORDS, max_size=14).map("".join)
ANY_TEXT = st.one_of(TEXTS, st.text(max_size=30))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Don't stop, Wen.", ["Don't", " ", "stop", ",", " ", "Wen", "."]),
        ("灯还没好 take 3遍", ["灯", "还", "没", "好", " ", "take", " ", "3", "遍"]),
        ("é  ok\n\n", ["é", "  ", "ok", "\n", "\n"]),
        ("👍🏽👩‍🎤!", ["👍🏽", "👩‍🎤", "!"]),
        ("", []),
    ],
)
def test_words_are_whole_and_han_is_cut_by_character(text: str, cut: list[str]) -> None:
    assert pieces(text) == cut


@given(st.text())
def test_pieces_in_a_row_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(ANY_TEXT, ANY_TEXT)
def test_what_differs_and_what_is_the_same_make_up_both_texts(one: str, other: str) -> None:
    found = runs(one, other)
    assert "".join(run.text for run in found if run.how != NEW) == one
    assert "".join(run.text for run in found if run.how != GONE) == other


def test_one_word_more_is_all_that_differs() -> None:
    found = [
        (run.how, run.text) for run in runs("The lamp is not ready. 灯还没好", "The big lamp is not ready. 灯没好")
    ]
    assert found == [
        (SAME, "The "), (NEW, "big "), (SAME, "lamp is not ready. 灯"), (GONE, "还"), (SAME, "没好"),
    ]  # fmt: skip


def test_sentences_that_share_only_spaces_and_signs_share_nothing() -> None:
    assert [run.how for run in runs("Wen waits, then goes", "nobody saw; it rained")] == [GONE, NEW]


# -- two people and one text


def sides(found: Together) -> tuple[str, str, str]:
    """The three texts that the parts are of."""
    rows = [(part.base, part.ours, part.theirs) for part in found.parts]
    base, ours, theirs = zip(*rows, strict=True) if rows else ((), (), ())
    return "".join(base), "".join(ours), "".join(theirs)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_the_parts_in_a_row_are_all_three_texts(base: str, ours: str, theirs: str) -> None:
    assert sides(together(base, ours, theirs)) == (base, ours, theirs)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_whatever_either_changed_is_in_what_they_say_together(base: str, ours: str, theirs: str) -> None:
    for part in together(base, ours, theirs).parts:
        for said in (part.ours, part.theirs):
            if said != part.base and said.strip():
                assert said in part.text
        if part.text not in (part.ours, part.theirs):
            assert part.clashes
        if part.ours == part.theirs:
            assert part.text == part.ours
    if together(base, ours, theirs).clashes == 0:
        assert "[" not in together(base, ours, theirs).text or "[" in ours + theirs


@given(ANY_TEXT, ANY_TEXT)
def test_where_only_one_changed_it_that_is_what_it_says(base: str, said: str) -> None:
    for found in (together(base, said, base), together(base, base, said), together(base, said, said)):
        assert (found.text, found.clashes) == (said, 0)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
@example("", "fog rain", "rain fog")
def test_whoever_comes_first_but_for_the_order_in_a_clash_it_is_the_same(
    base: str, ours: str, theirs: str
) -> None:
    for known in (base, None):
        one, other = together(known, ours, theirs), together(known, theirs, ours)
        assert [(part.base, part.ours, part.theirs) for part in one.parts] == [
            (part.base, part.theirs, part.ours) for part in other.parts
        ]
        assert one.clashes == other.clashes
        assert [part.text for part in one.parts if not part.clashes] == [
            part.text for part in other.parts if not part.clashes
        ]


NUMBERED = [f"word{n}" for n in range(12)]
CHANGES = st.dictionaries(st.integers(0, 11), st.sampled_from(["fog", "灯没好", "", "rain and fog"]), max_size=6)


@given(CHANGES, CHANGES)
def test_changes_in_different_places_are_both_made(ours: dict[int, str], theirs: dict[int, str]) -> None:
    """Each changes words of its own; a word that nobody touches stands between."""
    mine = {n: said for n, said in ours.items() if n % 4 == 0}
    their = {n: said for n, said in theirs.items() if n % 4 == 2}

    def changed(by: dict[int, str]) -> str:
        return " ".join(by.get(n, word) for n, word in enumerate(NUMBERED))

    found = together(changed({}), changed(mine), changed(their))
    assert (found.text, found.clashes) == (changed(mine | their), 0)


@given(ANY_TEXT, ANY_TEXT)
def test_where_nobody_knows_what_was_before_nothing_of_either_is_left_out(ours: str, theirs: str) -> None:
    found = together(None, ours, theirs)
    assert sides(found)[1:] == (ours, theirs)
    for part in found.parts:
        assert part.ours.strip() in part.text
        assert part.theirs.strip() in part.text


def test_where_nobody_knows_what_was_before_what_both_say_stands_once() -> None:
    found = together(None, "The big lamp is ready.", "The lamp is ready now.")
    assert (found.text, found.clashes) == ("The big lamp is ready now.", 0)


def test_where_both_changed_the_same_place_both_stand_in_brackets() -> None:
    found = together("Wen waits in the van.", "Wen waits in the fog.", "Wen waits in the rain, alone.")
    assert (found.text, found.clashes) == ("Wen waits in the [fog / rain, alone].", 1)
    assert (
        together("先走一遍，不录。", "先走两遍，不录。", "先走三遍，不录，等灯。").text
        == "先走[两 / 三]遍，不录，等灯。"
    )


def test_what_one_took_out_and_the_other_changed_is_a_clash_that_keeps_the_words() -> None:
    found = together("Wen waits in the van.", "Wen waits.", "Wen waits in the rain.")
    assert (found.text, found.clashes) == ("Wen waits[ in the rain].", 1)


def test_two_sentences_that_share_nothing_stay_whole_in_one_clash() -> None:
    found = together("a b c", "x y z", "p q r")
    assert (found.text, found.clashes) == ("[x y z / p q r]", 1)


def test_spaces_alone_are_nothing_to_disagree_about() -> None:
    found = together("Wen waits. Fog.", "Wen waits.\nFog.", "Wen waits.  Fog.")
    assert (found.text, found.clashes) == ("Wen waits.\nFog.", 0)


def test_what_both_wrote_alike_is_written_once() -> None:
    found = together("Wen.", "Wen and Lei in the fog.", "Wen and Lei in the rain.")
    assert (found.text, found.clashes) == ("Wen and Lei in the [fog / rain].", 1)
