"""Random queries find exactly what a look at every field of every entry finds, and mark what they found it by."""

from __future__ import annotations

from random import Random

import pytest

from fieldlog.services.review.find import find
from fieldlog.services.study.workspace import Workspace
from fieldlog.store.search_marks import spots
from tests.conftest import Count
from tests.services.review.brute import Brute, Records, Tree, a_tree, folded, made, operations, written

ENTRIES = 200


@pytest.fixture
def rng(seed: int) -> Random:
    return Random(seed)


@pytest.fixture
def world(work: Workspace, rng: Random) -> Records:
    records = made(rng, ENTRIES)
    records.kinds["entry"][0]["device"] = records.kinds["entry"][1]["device"] = work.device.id
    devices = [{"id": "d-phone", "label": "Phone"}, {"id": "d-laptop", "label": "laptop"}]
    study = work.change("set", "study", work.store.project, {"devices": devices}, {})
    work.store.commit("team", [operations(records), [study]])
    return records


def words_of(tree: Tree, wanted: bool = True) -> list[str]:
    """The words of a query that may be in what it finds: not those that it is to be without."""
    match tree:
        case ("word", text):
            return [text] if wanted else []
        case ("not", part):
            return words_of(part, not wanted)
        case ("filter", _, _):
            return []
    return [word for part in tree[1] for word in words_of(part, wanted)]


async def test_a_query_finds_what_a_look_at_every_field_finds(
    work: Workspace, world: Records, rng: Random, count: Count
) -> None:
    some = 0
    for _ in range(count(150, 1000, least=60)):
        tree, fold = a_tree(rng, world), rng.random() < 0.5
        typed = written(rng, tree)
        found = find(work, typed, fold=fold)
        expected = Brute(world, fold, work.device.id).finds(tree)
        assert set(found.ids) == expected, (typed, tree, fold)
        assert len(found.ids) == len(expected)
        some += 0 < len(expected) < ENTRIES
    assert some > 30


async def test_what_is_marked_is_what_was_asked_for(
    work: Workspace, world: Records, rng: Random, count: Count
) -> None:
    texts, seen = {doc["id"]: doc["text"] for doc in world.kinds["entry"]}, 0
    for _ in range(count(150, 1000, least=60)):
        tree, fold = a_tree(rng, world), rng.random() < 0.5
        found = find(work, written(rng, tree), fold=fold)
        assert {folded(word, fold) for word in found.words} <= {folded(word, fold) for word in words_of(tree)}
        for entry in found.ids[:20]:
            for word in found.words:
                marks = [texts[entry][start:end] for start, end, _ in spots(texts[entry], [word], fold=fold)]
                assert bool(marks) == (folded(word, fold) in folded(texts[entry], fold)), word
                for mark in marks:
                    seen += 1
                    is_longer = any(sign in mark for sign in "…ﬁ½ß")
                    wanted, said = folded(word, fold), folded(mark, fold)
                    assert wanted in said if is_longer else wanted == said, (word, mark)
    assert seen > 50


@pytest.mark.parametrize("word", ["卡", "Rain", "P07", "labour"])
async def test_a_word_is_found_where_it_was_put_since(work: Workspace, world: Records, word: str) -> None:
    assert set(find(work, word).ids) == Brute(world, False, "").finds(("word", word))
    note = world.kinds["entry"][7]
    note["text"] = f"now {word} is here"
    op = work.change("set", "entry", note["id"], {"text": note["text"]}, {})
    work.store.commit("team", [[op]])
    assert note["id"] in find(work, word).ids
    assert set(find(work, word).ids) == Brute(world, False, "").finds(("word", word))
