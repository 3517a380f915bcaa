"""What a query finds is told with why, how it is spread, and what nobody knows of it."""

from __future__ import annotations

from typing import Any

import pytest

from fieldlog.model.ids import uuid7
from fieldlog.model.op import Op
from fieldlog.model.records import StoredEntry, StoredLink
from fieldlog.services.review import find as finding
from fieldlog.services.review.find import counts, find, rows
from fieldlog.services.review.keys import HAS, IN, IS, KEYS
from fieldlog.services.study.workspace import Workspace

TIMES = iter(range(1, 10**6))


def put(work: Workspace, noun: str, n: int, /, **said: Any) -> str:
    record = uuid7(1_740_000_000_000 + n, b"a find----")
    at = next(TIMES)
    work.store.commit("team", [[Op(u=f"u{at}", t=f"{at:016x}w", r=noun, e=record, k="new", v=said)]])
    return record


def note(work: Workspace, n: int, text: str, **said: Any) -> str:
    at = f"2025-03-{3 + n // 10:02d}T{10 + n % 10}:00:00+00:00"
    return put(work, "entry", n, **{"occurred_at": at, "created_at": at, "kind": "jotting", "text": text, **said})


@pytest.fixture
def named(work: Workspace) -> dict[str, str]:
    return {
        "lei": put(work, "person", 900, code="P07", pseudonym="Lei", pseudonym_zh="雷导", role="director"),
        "bao": put(work, "person", 901, code="P08", pseudonym="Bao", role="gaffer"),
        "paywall": put(work, "code", 902, code="metrics.paywall", label="paywall point", label_zh="付费卡点"),
        "villa": put(work, "place", 903, code="L03", name="Villa A", name_zh="别墅"),
        "scene": put(work, "scene", 904, code="34-2"),
        "read": put(work, "session", 905, title="Table read", starts="2025-03-03T09:00:00+00:00"),
        "photo": put(work, "attachment", 906, kind="photo", name="IMG_1.jpg", caption="the umbrella"),
    }  # fmt: skip


def whys(work: Workspace, typed: str, **how: Any) -> list[list[str]]:
    return [list(map(str, row["why"])) for row in rows(work, find(work, typed, **how))]


async def test_a_row_says_why_it_was_found_where_that_is_not_in_its_text(
    work: Workspace, named: dict[str, str]
) -> None:
    note(work, 1, "the paywall is in the third episode", codes=[named["paywall"]])
    note(work, 2, "she puts the phone down", codes=[named["paywall"]], people=[named["lei"], named["bao"]])
    assert whys(work, "paywall") == [["code: metrics.paywall"], []]
    assert whys(work, "卡") == [["code: 付费卡点"]] * 2
    assert whys(work, "paywall lei") == [["code: metrics.paywall", "person: Lei"]]
    assert whys(work, "phone OR lei") == [["person: Lei"]]
    assert whys(work, "in:names paywall") == [["code: metrics.paywall"]] * 2
    assert whys(work, "in:text phone") == [[]]
    assert whys(work, "phone -in:text") == []
    assert whys(work, "phone -gong") == [[]]
    assert whys(work, "code:metrics.paywall -phone") == [[]]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("villa", "place: Villa A"), ("别墅", "place: 别墅"), ("34-2", "scene: 34-2"),
        ("read", "session: Table read"), ("director", "person: director"),
        ("umbrella", "file: the umbrella"), ("img_1", "file: IMG_1.jpg"),
        ("N-17", "id: N-17"),
    ],
)  # fmt: skip
async def test_everything_an_entry_names_can_be_why(
    work: Workspace, named: dict[str, str], typed: str, said: str
) -> None:
    note(work, 1, "—", people=[named["lei"]], place=named["villa"], scene=named["scene"], session=named["read"],
         attachments=[named["photo"]], source_id="N-17")  # fmt: skip
    assert whys(work, typed) == [[said]]


def test_every_table_that_search_reads_names_of_can_be_said() -> None:
    assert {"people", "places", "scenes", "sessions", "codes", "attachments"} < set(finding.WHATS)


async def test_what_is_found_comes_newest_first_and_only_what_is_shown_becomes_rows(
    work: Workspace,
) -> None:
    ids = [note(work, n, "rain") for n in (3, 25, 14, 1, 17)]
    found = find(work, "rain")
    assert list(found.ids) == [ids[n] for n in (1, 4, 2, 0, 3)]
    assert [row["id"] for row in rows(work, found, 1, 2)] == [ids[4], ids[2]]
    assert [row["id"] for row in rows(work, found)] == list(found.ids)


async def test_counts_are_of_all_that_was_found(work: Workspace, named: dict[str, str]) -> None:
    lei, bao = named["lei"], named["bao"]
    note(work, 1, "rain", people=[lei, bao])
    note(work, 2, "rain", people=[lei], kind="quote")
    note(work, 42, "rain", people=[bao])
    note(work, 43, "snow", people=[bao])
    spread = counts(work, find(work, "rain"))
    assert dict(spread.days) == {"2025-03-03": 2, "2025-03-07": 1}
    assert dict(spread.people) == {lei: 2, bao: 2}
    assert dict(spread.kinds) == {"jotting": 2, "quote": 1}
    work.store.commit("team", [[Op(u="j", t="f", r="person", e=bao, k="alias", v={"same_as": lei})]])
    assert dict(counts(work, find(work, "rain")).people) == {lei: 3}


@pytest.mark.parametrize("typed", ["", " ", '""', "()", "in:text", "-day:", "() OR ()", "-in:text in:names"])
async def test_a_query_that_asks_nothing_finds_nothing(work: Workspace, typed: str) -> None:
    note(work, 1, "rain")
    found = find(work, typed)
    assert (list(found.ids), list(found.said)) == ([], [])


async def test_a_filter_still_being_typed_changes_nothing(work: Workspace) -> None:
    one = note(work, 1, "rain")
    assert list(find(work, "rain person:").ids) == list(find(work, "rain in: -is:").ids) == [one]


@pytest.mark.parametrize(
    "asked",
    ["person:P99", "day:PD99", "day:2025-13-01", "time:25h", "time:12:61", "late:soon", "code:meta", "code:metric",
     "type:XX", "kind:zzz", "sure:x", "said:x", "device:toaster", "is:x", "has:x", "scene:1-1", "place:x",
     "session:x", "person:P07..P08", "is:raw..left"],
)  # fmt: skip
async def test_a_value_that_nobody_knows_finds_nothing_and_that_is_said(
    work: Workspace, named: dict[str, str], asked: str
) -> None:
    one = note(work, 1, "rain", people=list(named.values())[:2], codes=[named["paywall"]])
    found = find(work, f"rain {asked}")
    assert list(found.ids) == []
    assert list(map(str, found.said)) == [f"{asked} is not known in this study."]
    assert list(find(work, f"rain -{asked}").ids) == [one]


@pytest.mark.parametrize("asked", ["is:absent", "is:heard", "has:transcript", "in:papers", "in:备忘"])
async def test_what_is_not_kept_yet_is_said_to_be_so(work: Workspace, asked: str) -> None:
    note(work, 1, "rain")
    found = find(work, f"rain {asked}")
    assert (list(found.ids), list(map(str, found.said))) == ([], [f"{asked} can't be asked for yet."])


async def test_a_known_value_beside_one_that_nobody_knows_is_enough(
    work: Workspace, named: dict[str, str]
) -> None:
    one = note(work, 1, "rain", people=[named["lei"]])
    found = find(work, "person:P99,P07")
    assert list(found.ids) == [one]
    assert list(map(str, found.said)) == ["person:P99 is not known in this study."]


async def test_what_looks_like_a_filter_and_is_none_is_found_as_it_stands(work: Workspace) -> None:
    one, two = note(work, 1, "ROI:0.97 at 12:08"), note(work, 2, "她说：好 34-1到34-2：完")
    assert list(find(work, "roi:0.97 12:08").ids) == [one]
    assert list(find(work, "她说：好").ids) == list(find(work, "34-1到34-2：").ids) == [two]


async def test_an_entry_that_is_removed_is_found_no_more(work: Workspace) -> None:
    one, two = note(work, 1, "rain"), note(work, 2, "rain")
    assert len(find(work, "rain").ids) == len(find(work, "-snow").ids) == 2
    await work.save([work.removing(work.store.state.find(StoredEntry, one))])
    assert list(find(work, "rain").ids) == list(find(work, "-snow").ids) == [two]
    assert list(find(work, "kind:jotting").ids) == [two]


async def test_a_full_note_taken_back_leaves_what_it_was_made_of_raw(work: Workspace) -> None:
    one, full = note(work, 1, "rain"), note(work, 2, "It rained all night.")
    link = put(work, "link", 3, source=full, target=one, rel="expands")
    assert list(find(work, "is:written-up").ids) == [one]
    await work.save([work.removing(work.store.state.find(StoredLink, link))])
    assert list(find(work, "is:written-up").ids) == []
    assert one in find(work, "is:raw").ids


async def test_the_words_to_be_marked_are_those_looked_for_in_texts(work: Workspace) -> None:
    note(work, 1, "rain")
    assert find(work, 'rain "a b" -snow (sun OR "rain")').words == ["rain", "a b", "sun"]
    assert find(work, "in:names rain").words == []


def test_no_word_of_a_filter_means_two_things() -> None:
    for table in (KEYS, IS, HAS, IN):
        said = [word for name, others in table.items() for word in (name, *others)]
        assert len(said) == len(set(said))
