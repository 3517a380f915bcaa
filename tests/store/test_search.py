"""Search finds what a brute-force look through every field finds, in any script."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.op import Op
from fieldlog.store.search import Search, normalised
from tests.fakes.store_desk import entry_id, note, opened

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


async def test_no_words_are_found_across_two_fields() -> None:
    store = await opened(MemoryDisk())
    who = Op(u="p", t="1", r="person", e=entry_id(500), k="new", v={"code": "P07", "pseudonym": "Gong"})
    store.commit("team", [[who], [note(1, "the lamp", people=[who.e], source_id="N12")]])
    assert list(store.search.find(["the lamp"])) == list(store.search.find(["lamp", "gong"])) == [entry_id(1)]
    for across in ("lamp N12", "N12 P07", "P07 Gong", "lampN12"):
        assert list(store.search.find([across])) == []


PEOPLE = [entry_id(900 + n) for n in range(3)]
ENTRIES_ = [entry_id(n) for n in range(3)]
NAMES = ["Gong", "Bao", "雷", "Ma"]
_step = st.one_of(
    st.tuples(st.just("note"), st.integers(0, 2), st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2)),
    st.tuples(st.just("name"), st.sampled_from(PEOPLE), st.sampled_from(NAMES)),
    st.tuples(st.just("join"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    st.tuples(st.just("reword"), st.integers(0, 2), st.sampled_from(NAMES)),
    st.tuples(st.just("erase"), st.sampled_from([*PEOPLE, *ENTRIES_]), st.none()),
    st.tuples(st.just("file"), st.integers(0, 2), st.sampled_from(NAMES)),
)


@given(st.lists(_step, min_size=8, max_size=24))
async def test_whatever_changes_search_finds_what_it_would_find_had_it_just_begun(steps: list[Any]) -> None:
    store = await opened(MemoryDisk())
    people = [Op(u=who, t="", r="person", e=who, k="new", v={"code": f"Q{n}"}) for n, who in enumerate(PEOPLE)]
    store.commit("team", [people])
    list(store.search.find(["x"]))
    list(store.search.find(["x"], "text"))
    for at, (what, which, said) in enumerate(steps):
        how: dict[str, Any] = {"u": f"u{at}", "t": f"{at:04d}"}
        if what == "note":
            ops = [note(which, "rain", people=said)]
        elif what == "name":
            ops = [Op(r="person", e=which, k="set", v={"pseudonym": said}, **how)]
        elif what == "join":
            ops = [Op(r="person", e=which, k="alias", v={"same_as": said}, **how)]
        elif what == "reword":
            ops = [Op(r="entry", e=entry_id(which), k="set", v={"text": said}, base={}, **how)]
        elif what == "file":
            file = Op(r="attachment", e=entry_id(700 + at), k="new", v={"caption": said}, **how)
            ops = [
                file,
                Op(u=f"v{at}", t=f"{at:04d}v", r="entry", e=entry_id(which), k="add", v={"attachments": [file.e]}),
            ]
        else:
            ops = [Op(r="person" if which in PEOPLE else "entry", e=which, k="erase", v={}, **how)]
        store.commit("team", [ops])
        for word in (*NAMES, "rain", "q1"):
            for scope in ("all", "text"):
                assert set(store.search.find([word], scope)) == set(Search(store.state).find([word], scope))


async def test_a_photo_that_comes_in_does_not_have_every_note_read_again() -> None:
    store = await opened(MemoryDisk())
    who = Op(u="p", t="1", r="person", e=entry_id(500), k="new", v={"code": "P07", "pseudonym": "Gong"})
    store.commit("team", [[who], [note(1, people=[who.e])]])
    assert list(store.search.find(["gong"])) == [entry_id(1)]
    texts = store.search._texts["all"]
    file = Op(
        u="f", t="2", r="attachment", e=entry_id(501), k="new", v={"kind": "photo", "caption": "the umbrella"}
    )
    store.commit("team", [[file, note(2, attachments=[file.e])]])
    assert store.search._texts["all"] is texts
    assert list(store.search.find(["umbrella"])) == [entry_id(2)]


async def test_a_note_is_found_by_the_new_name_of_whom_its_person_was_joined_to() -> None:
    store = await opened(MemoryDisk())
    one, other = PEOPLE[:2]
    people = [Op(u=who, t="", r="person", e=who, k="new", v={"code": "Q"}) for who in (one, other)]
    store.commit("team", [people, [note(1, people=[one])]])
    store.commit("team", [[Op(u="u1", t="0001", r="person", e=one, k="alias", v={"same_as": other})]])
    assert list(store.search.find(["gong"])) == []
    store.commit("team", [[Op(u="u2", t="0002", r="person", e=other, k="set", v={"pseudonym": "Gong"})]])
    assert list(store.search.find(["gong"])) == [entry_id(1)]


async def test_no_word_is_found_across_two_fields() -> None:
    store = await opened(MemoryDisk())
    who = Op(u="p", t="1", r="person", e=entry_id(500), k="new", v={"code": "P0", "pseudonym": "7bow"})
    store.commit("team", [[who], [note(1, "umbrella and rain", source_id="bow", people=[who.e])]])
    assert list(store.search.find(["rain"])) == list(store.search.find(["bow"])) == [entry_id(1)]
    for across in ("rainbow", "bowp0", "p07"):
        assert list(store.search.find([across])) == []
