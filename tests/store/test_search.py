"""Search finds what a brute-force look through every field finds, in any script."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.op import Op
from fieldlog.store import search, search_joined
from fieldlog.store.search import Search, normalised
from fieldlog.store.search_han import simplified, table
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
NAMES = ["Gong", "Bao", "雷", "Ma", "龔"]
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
        for word in (*NAMES, "龚", "rain", "q1"):
            for scope, fold in ((scope, fold) for scope in ("all", "text", "names") for fold in (False, True)):
                anew = Search(store.state)
                assert store.search.holding(word, scope, fold=fold) == anew.holding(word, scope, fold=fold)
                assert list(store.search.find([word], scope)) == list(anew.find([word], scope))


async def test_a_change_has_only_what_it_concerns_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store = await opened(MemoryDisk())
    who = Op(u="p", t="1", r="person", e=entry_id(500), k="new", v={"code": "P07", "pseudonym": "Gong"})
    store.commit("team", [[who], [note(n, people=[who.e]) for n in range(20)]])
    assert len(list(store.search.find(["gong"]))) == 20
    read = list[str]()

    def counted(text: str) -> str:
        read.append(text)
        return normalised(text)

    monkeypatch.setattr(search, "normalised", counted)
    file = Op(
        u="f", t="2", r="attachment", e=entry_id(501), k="new", v={"kind": "photo", "caption": "the umbrella"}
    )
    store.commit("team", [[file, note(20, "here", attachments=[file.e])]])
    store.commit("team", [[Op(u="q", t="2", r="person", e=who.e, k="set", v={"pseudonym": "Bao"}, base={})]])
    assert sorted(set(read)) == ["Bao", "P07", "here", "the umbrella"]
    assert list(store.search.find(["umbrella"])) == [entry_id(20)]
    assert len(list(store.search.find(["bao"]))) == 20


async def test_a_search_prepared_a_piece_at_a_time_finds_what_came_meanwhile() -> None:
    store = await opened(MemoryDisk())
    store.commit("team", [[note(n, "rain") for n in range(10)]])
    assert not store.search.prepare(4)
    store.commit("team", [[note(10, "rain")], [Op(u="x", t="9", r="entry", e=entry_id(8), k="erase", v={})]])
    assert not store.search.prepare(6)
    store.commit("team", [[note(11, "rain")]])
    assert not store.search.prepare(4, fold=True)
    store.commit("team", [[Op(u="y", t="9", r="entry", e=entry_id(9), k="set", v={"text": "開"}, base={})]])
    assert store.search.prepare(9, fold=True)
    assert store.search.prepare(6)
    assert store.search.prepare(6)
    assert set(store.search.find(["rain"])) == {entry_id(n) for n in range(12) if n not in (8, 9)}
    for word in ("开", "rain"):
        anew = Search(store.state)
        for fold in (False, True):
            assert store.search.holding(word, fold=fold) == anew.holding(word, fold=fold)


async def test_what_is_found_is_in_order_newest_day_first_and_latest_first_within_it() -> None:
    store = await opened(MemoryDisk())
    store.commit("team", [[note(n, "rain") for n in (1, 700, 3, 601, 2)]])
    assert list(store.search.find(["rain"])) == [entry_id(n) for n in (700, 601, 3, 2, 1)]


async def test_a_note_that_is_moved_to_another_time_is_found_there() -> None:
    store = await opened(MemoryDisk())
    store.commit("team", [[note(n, "rain") for n in (1, 2)]])
    assert list(store.search.find(["rain"])) == [entry_id(2), entry_id(1)]
    moved = {"occurred_at": "2025-03-03T20:00:00+00:00"}
    store.commit("team", [[Op(u="m", t="9", r="entry", e=entry_id(1), k="set", v=moved, base={})]])
    assert list(store.search.find(["rain"])) == [entry_id(1), entry_id(2)]


def test_texts_are_joined_anew_only_after_many_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    joined, times = search_joined.Joined(), list[int]()
    join = joined._join

    def counted() -> None:
        times.append(len(joined.texts))
        join()

    monkeypatch.setattr(joined, "_join", counted)
    for n in range(3 * search_joined.MOST_APART):
        joined.put(f"{n}", "rain")
        assert len(joined.find("rain")) == n + 1
    assert len(times) == 2


async def test_traditional_and_simplified_are_one_for_who_asks_that_and_two_for_others() -> None:
    store = await opened(MemoryDisk())
    said = ["開拍前", "开拍后", "天乾物燥", "幹活", "干杯", "薴麻", "苧麻", "苎麻"]
    store.commit("team", [[note(n, text) for n, text in enumerate(said)]])

    def found(word: str, *, fold: bool) -> set[str]:
        return {said[n] for n in range(len(said)) if entry_id(n) in store.search.holding(word, fold=fold)}

    assert found("開拍", fold=True) == found("开拍", fold=True) == {"開拍前", "开拍后"}
    assert found("開拍", fold=False) == {"開拍前"}
    assert found("乾", fold=True) == {"天乾物燥", "幹活", "干杯"}
    for one in ("薴", "苧", "苎"):
        assert found(one, fold=True) == {"薴麻", "苧麻", "苎麻"}
    store.commit("team", [[note(20, "還開拍")]])
    assert entry_id(20) in store.search.holding("还开", fold=True)


def test_the_table_takes_every_character_to_one_that_stays() -> None:
    made = table()
    assert len(made) > 4000
    assert all(new not in made and new != old for old, new in made.items())
    assert len(simplified("薴開𠉂")) == 3


def test_the_table_is_the_one_that_its_origin_names() -> None:
    folder = Path(search.__file__).parent / "opencc"
    data = (folder / "TSCharacters.txt").read_bytes()
    assert hashlib.sha256(data).hexdigest() in (folder / "ORIGIN.md").read_text("utf-8")


_joined = st.lists(st.tuples(st.sampled_from("abcde"), st.none() | st.text("xy\0", max_size=3)), min_size=9)


@given(_joined, st.text("xy\0", min_size=1, max_size=2), st.sampled_from([0, 2, 99]), st.sampled_from([1, 99]))
def test_texts_joined_are_found_as_texts_alone(
    puts: list[tuple[str, str | None]], word: str, apart: int, enough: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(search_joined, "MOST_APART", apart)
        patched.setattr(search_joined, "ENOUGH", enough)
        joined, alone = search_joined.Joined(), dict[str, str]()
        for key, text in puts:
            joined.put(key, text)
            alone.pop(key, None)
            if text is not None:
                alone[key] = text
            assert joined.find(word) == {one for one, held in alone.items() if word in held}


@given(
    st.lists(st.text("xy", max_size=6), max_size=12), st.sampled_from(["x", "yx"]), st.sampled_from([1, 3, 256])
)
def test_each_hit_is_of_the_text_where_it_stands(texts: list[str], word: str, block: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(search_joined, "BLOCK", block)
        joined = search_joined.Joined()
        for n, text in enumerate(texts):
            joined.put(f"{n}", text)
        joined._join()
        assert joined._places(word) == [n for n, text in enumerate(texts) if word in text]


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
