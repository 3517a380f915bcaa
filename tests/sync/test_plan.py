"""What is to be done with a target: planned, done and planned again, nothing is left, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.sync import layout
from fieldlog.sync.layout import Segment, segment_made
from fieldlog.sync.plan import Ours, Step, Theirs, plan

W = "a1b2c3d4e5f60718"
LOST, WHOLE, ERASED = 0, 1, 2
Lines = tuple[int, ...]
"""How much each line still says, from the first number on: lost, whole, erased, which is more than whole."""


def ours_of(lines: Sequence[int], first: int = 1, writer: str = W) -> Ours:
    """Lines that are lost stand in runs as long as they can be."""
    told, poor, n = list[tuple[int, int, bytes]](), list[tuple[int, int]](), first
    for form, some in groupby(lines):
        count = len(list(some))
        if form == LOST:
            told.append((n, n + count - 1, b"lost %d-%d" % (n, n + count - 1)))
            poor.append((n, n + count - 1))
        else:
            told += [(k, k, b"%d says %d" % (k, form)) for k in range(n, n + count)]
        n += count
    return Ours.of(writer, told, poor)


@dataclass
class World:
    """A device and a target. `held` are the lines in each segment there, whatever its name says in `damaged`."""

    mine: list[int]
    held: dict[Segment, Lines] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)

    def put(self, first: int, lines: Sequence[int]) -> Segment:
        """A segment that a device with such lines puts there."""
        one = ours_of(lines, first)
        made = segment_made(W, first, first + len(lines) - 1, one.data)
        self.held[made] = tuple(lines)
        return made

    def planned(self) -> list[Step]:
        theirs = Theirs(segments=list(self.held), taken=self.taken, fresh=self.fresh, damaged=self.damaged)
        return [step for step in plan({W: ours_of(self.mine)}, theirs) if step.kind != "wait"]

    def do(self, steps: Sequence[Step]) -> None:
        """What is read is merged first; then all is planned anew."""
        reads = [step.segment for step in steps if step.kind == "read"]
        for one in reads:
            self.merge(one)
            self.taken.add(one.name)
            self.fresh.add(one.name)
        if reads:
            return
        ours = ours_of(self.mine)
        for step in steps:
            one = step.segment
            if step.kind == "put":
                data = ours.cut(one.first, one.last)
                assert data is not None
                assert segment_made(W, one.first, one.last, data) == one
                self.held[one] = tuple(self.mine[one.first - 1 : one.last])
                self.taken.add(one.name)
                self.damaged.discard(one.name)
            else:
                del self.held[one]

    def merge(self, one: Segment) -> None:
        assert one.first <= len(self.mine) + 1, "a gap"
        for n, form in enumerate(self.held[one], one.first):
            if n <= len(self.mine):
                self.mine[n - 1] = max(self.mine[n - 1], form)
            else:
                self.mine.append(form)

    def settle(self) -> int:
        """Do what is planned until nothing is; how often."""
        for times in range(6):
            steps = self.planned()
            if not steps:
                return times
            self.do(steps)
        raise AssertionError("it goes on for ever")


forms = st.lists(st.sampled_from([LOST, WHOLE, WHOLE, ERASED]), min_size=1, max_size=12)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World(mine=draw(st.one_of(st.just([]), forms)))
    for _ in range(draw(st.integers(0, 6))):
        first = draw(st.integers(1, len(world.mine) + 1))
        made = world.put(first, draw(forms))
        if draw(st.booleans()) and made.last <= len(world.mine):
            # It was taken in once; what was lost here since, it may still hold.
            world.taken.add(made.name)
            for n, form in enumerate(world.held[made], made.first):
                if world.mine[n - 1] != LOST:
                    world.mine[n - 1] = max(world.mine[n - 1], form)
    for one in world.held:
        if draw(st.integers(0, 5)) == 0:
            world.damaged.add(one.name)
    return world


@given(worlds())
def test_planned_done_and_planned_again_nothing_is_left(world: World) -> None:
    assert world.settle() <= 3
    assert world.planned() == []


@given(worlds())
def test_what_any_readable_segment_says_is_here_in_the_end_and_no_line_says_less_than_before(world: World) -> None:
    before, held = list(world.mine), dict(world.held)
    readable = [one for one in held if one.name not in world.damaged]
    world.settle()
    assert all(now >= was for now, was in zip(world.mine, before, strict=False))
    for one in readable:
        if one.first <= len(world.mine) + 1:
            assert all(world.mine[n - 1] >= form for n, form in enumerate(held[one], one.first))


@given(worlds())
def test_in_the_end_the_target_says_of_each_line_what_we_say_and_nothing_else(world: World) -> None:
    was_damaged = set(world.damaged)
    world.settle()
    ours = ours_of(world.mine)
    same = [one for one in world.held if ours.is_same(one)]
    covered = {n for one in same for n in range(one.first, one.last + 1)}
    assert covered == set(range(1, len(world.mine) + 1))
    others = [one for one in world.held if one not in same]
    # What can't be read, and may hold what is lost here, stays.
    for one in others:
        assert one.last > ours.last or (one.name in was_damaged and ours.is_poor(one.first, one.last))


@given(worlds())
def test_nothing_is_removed_before_its_numbers_stand_there_as_we_have_them(world: World) -> None:
    for _ in range(6):
        steps = world.planned()
        if any(step.kind == "read" for step in steps):
            world.do(steps)
            continue
        ours = ours_of(world.mine)
        there = {one for one in world.held if ours.is_same(one)} | {s.segment for s in steps if s.kind == "put"}
        stays = there - {step.segment for step in steps if step.kind == "remove"}
        covered = {n for one in stays for n in range(one.first, one.last + 1)}
        for step in steps:
            if step.kind == "remove":
                assert covered >= set(range(step.segment.first, step.segment.last + 1))
        world.do(steps)


def kinds(steps: Sequence[Step]) -> Mapping[str, int]:
    return {kind: len([one for one in steps if one.kind == kind]) for kind in ("read", "wait", "put", "remove")}


def test_new_lines_are_one_segment() -> None:
    world = World(mine=[WHOLE] * 5)
    world.put(1, [WHOLE] * 2)
    steps = world.planned()
    assert [(one.kind, one.segment.first, one.segment.last) for one in steps] == [("put", 3, 5)]


def test_lines_behind_a_gap_wait() -> None:
    world = World(mine=[WHOLE])
    world.put(3, [WHOLE])
    steps = plan({W: ours_of(world.mine)}, Theirs(segments=list(world.held)))
    assert kinds(steps) == {"read": 0, "wait": 1, "put": 1, "remove": 0}
    world.put(2, [WHOLE])
    steps = plan({W: ours_of(world.mine)}, Theirs(segments=list(world.held)))
    assert kinds(steps) == {"read": 2, "wait": 0, "put": 1, "remove": 0}


def test_what_was_erased_here_is_replaced_there() -> None:
    world = World(mine=[WHOLE, ERASED, WHOLE])
    old = world.put(1, [WHOLE] * 3)
    world.taken.add(old.name)
    steps = world.planned()
    assert [one.kind for one in steps] == ["put", "remove"]
    assert steps[1].segment == old
    assert steps[0].segment.bytes < old.bytes or steps[0].segment.sha != old.sha


def test_what_was_taken_in_once_is_read_again_where_a_backup_was_put_back_since() -> None:
    world = World(mine=[WHOLE])
    one = world.put(1, [WHOLE] * 3)
    world.taken.add(one.name)
    assert [(step.kind, step.segment) for step in world.planned()] == [("read", one)]


def test_what_is_damaged_there_is_put_again_under_its_name() -> None:
    world = World(mine=[WHOLE] * 3)
    one = world.put(1, [WHOLE] * 3)
    world.damaged.add(one.name)
    assert [(step.kind, step.segment) for step in world.planned()] == [("put", one)]


def test_what_can_not_be_read_stays_where_it_may_hold_what_is_lost_here() -> None:
    world = World(mine=[WHOLE, LOST, WHOLE])
    one = world.put(1, [WHOLE] * 3)
    world.damaged.add(one.name)
    world.settle()
    assert one in world.held


def test_half_a_segment_goes_once_all_of_it_stands_there() -> None:
    world = World(mine=[WHOLE] * 3)
    cut = segment_made(W, 1, 2, ours_of([WHOLE] * 2).data)
    steps = plan({W: ours_of(world.mine)}, Theirs(cut=[cut]))
    assert [(step.kind, step.segment.first, step.segment.last) for step in steps] == [
        ("put", 1, 3),
        ("remove", 1, 2),
    ]
    poor = plan({W: ours_of([WHOLE, LOST, WHOLE])}, Theirs(cut=[cut]))
    assert kinds(poor)["remove"] == 0, "it may hold what is lost here"
    same = plan({W: ours_of([WHOLE] * 2)}, Theirs(cut=[cut]))
    assert [(step.kind, step.segment) for step in same] == [("put", cut)]


def test_of_many_small_segments_one_is_made_and_then_nothing_is_done_any_more() -> None:
    world = World(mine=[WHOLE] * 40)
    for n in range(1, 41):
        world.taken.add(world.put(n, [WHOLE]).name)
    assert kinds(world.planned()) == {"read": 0, "wait": 0, "put": 1, "remove": 40}
    assert world.settle() == 1
    assert [(one.first, one.last) for one in world.held] == [(1, 40)]


def test_a_joining_that_was_stopped_is_gone_on_with() -> None:
    world = World(mine=[WHOLE] * 40)
    for n in range(1, 41):
        world.taken.add(world.put(n, [WHOLE]).name)
    steps = world.planned()
    world.do(steps[:5])
    world.settle()
    assert [(one.first, one.last) for one in world.held] == [(1, 40)]


def test_segments_are_cut_at_their_usual_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "SEGMENT_BYTES", 40)
    steps = World(mine=[WHOLE] * 20).planned()
    assert len(steps) > 3
    assert all(step.segment.bytes <= 40 for step in steps)
    assert [one.segment.first for one in steps[1:]] == [one.segment.last + 1 for one in steps[:-1]]


def test_a_line_longer_than_a_segment_goes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "SEGMENT_BYTES", 3)
    assert [step.segment.last for step in World(mine=[WHOLE] * 3).planned()] == [1, 2, 3]


# -- branches of a writer


BRANCH = f"{W}~0123456789abcdef"
PARTED = {W: ours_of([WHOLE] * 6), BRANCH: ours_of([ERASED] * 6, 5, BRANCH)}
"""Here lines 5 and 6 of one device, and 5 to 10 of another."""


def made(writer: str, first: int, lines: Sequence[int]) -> Segment:
    return segment_made(writer, first, first + len(lines) - 1, ours_of(lines, first).data)


def told(steps: Sequence[Step]) -> list[tuple[str, str, int, int]]:
    return [(one.kind, one.segment.writer, one.segment.first, one.segment.last) for one in steps]


def test_a_branch_is_put_from_where_it_begins() -> None:
    assert told(plan(PARTED, Theirs())) == [("put", W, 1, 6), ("put", BRANCH, 5, 10)]


def test_a_segment_from_before_a_journal_was_parted_goes_once_all_stands_there_as_it_is_called_here() -> None:
    old, taken = made(W, 1, [WHOLE] * 10), {made(W, 1, [WHOLE] * 10).name}
    steps = plan(PARTED, Theirs(segments=[old], taken=taken))
    assert told(steps) == [("put", W, 1, 6), ("put", BRANCH, 5, 10), ("remove", W, 1, 10)]
    waits = segment_made(BRANCH, 5, 12, b"not read yet")
    longer = {W: ours_of([ERASED] * 10), BRANCH: PARTED[BRANCH]}
    trunk = made(W, 1, [ERASED] * 10)
    steps = plan(longer, Theirs(segments=[old, trunk, waits], taken=taken))
    assert told(steps) == [("read", BRANCH, 5, 12)], "one number stands there in one journal of two"


def test_what_is_known_of_one_name_is_read_where_no_journal_is_called_so_here() -> None:
    one = made(BRANCH, 5, [ERASED] * 6)
    steps = plan({W: ours_of([WHOLE] * 10)}, Theirs(segments=[one], taken={one.name}))
    assert ("read", BRANCH, 5, 10) in told(steps)
    assert ("remove", BRANCH, 5, 10) not in told(steps)


def test_lines_follow_those_of_any_journal_of_their_writer_and_no_others() -> None:
    segments = [made(W, 11, [WHOLE]), made(f"{W}~fedcba9876543210", 3, [WHOLE] * 2), made(BRANCH, 13, [WHOLE])]
    steps = [step for step in plan(PARTED, Theirs(segments=segments)) if step.kind != "put"]
    assert told(steps) == [
        ("read", f"{W}~fedcba9876543210", 3, 4), ("read", W, 11, 11), ("wait", BRANCH, 13, 13),
    ]  # fmt: skip


def test_what_is_lost_in_a_branch_may_still_stand_in_an_old_segment_of_its_trunk() -> None:
    old = made(W, 1, [WHOLE] * 10)
    ours = {W: ours_of([WHOLE] * 6), BRANCH: ours_of([WHOLE, LOST], 5, BRANCH)}
    steps = plan(ours, Theirs(segments=[old], damaged={old.name}))
    assert "remove" not in [step.kind for step in steps]


def test_what_follows_nothing_here_stays_and_ours_of_its_numbers_is_put() -> None:
    one = made(W, 3, [ERASED] * 2)
    theirs = Theirs(segments=[one], loose={one.name})
    assert told(plan({W: ours_of([WHOLE] * 4)}, theirs)) == [("read", W, 3, 4), ("put", W, 1, 4)]
