"""Search finds what a brute-force look through every field finds, in any script."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.op import Op
from fieldlog.store.search import normalised
from tests.store.desk import entry_id, note, opened

WORDS = ["完播率", "卡点", "台阶", "umbrella", "SLEEVE", "naïve façade", "ＡＢＣ", "take 3", "🦐", "ｶﾞ", "ﬁ"]


@given(st.lists(st.lists(st.sampled_from([*WORDS, " ", "x"]), max_size=4).map("".join), min_size=1, max_size=8),
       st.text(min_size=1, max_size=3) | st.sampled_from(WORDS))  # fmt: skip
async def test_a_search_equals_a_look_at_every_note(notes: list[str], word: str) -> None:
    store = await opened(MemoryDisk())
    store.commit("team", [[note(n, text or " ")] for n, text in enumerate(notes)])

    def folded(text: str) -> str:
        return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())

    expected = {entry_id(n) for n, text in enumerate(notes) if folded(word) in folded(text or " ")}
    assert set(store.search.find([word], "text")) == (expected if folded(word) else set())


async def test_width_case_and_composition_make_no_difference() -> None:
    assert normalised("ＲＯＩ Façade") == normalised("roi façade")


async def test_a_note_is_found_by_its_person_and_by_the_persons_new_name() -> None:
    store = await opened(MemoryDisk())
    who = Op(u="p", t="1", r="person", e=entry_id(500), k="new", v={"code": "P07", "pseudonym": "Gong"})
    store.commit("team", [[who], [note(1, people=[who.e])], [note(2)]])
    assert list(store.search.find(["gong"])) == [entry_id(1)]
    assert list(store.search.find(["gong"], "text")) == []
    renamed = Op(u="q", t="2", r="person", e=who.e, k="set", v={"pseudonym": "Bao"}, base={"pseudonym": ["p"]})
    store.commit("team", [[renamed]])
    assert (list(store.search.find(["gong"])), list(store.search.find(["BAO"]))) == ([], [entry_id(1)])


async def test_every_word_must_be_there_and_new_notes_are_found_at_once() -> None:
    store = await opened(MemoryDisk())
    store.commit("team", [[note(1, "rain on the tarpaulin")]])
    assert list(store.search.find(["rain", "tarp"])) == [entry_id(1)]
    store.commit("team", [[note(2, "rain and tarps")]])
    assert set(store.search.find(["rain", "tarp"])) == {entry_id(1), entry_id(2)}
    assert list(store.search.find(["rain", "snow"])) == []
