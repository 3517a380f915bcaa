"""What of a journal goes out: every number once, lost forms in the place of what can't be read."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.line import Line, decode, encode, first_prev
from fieldlog.store.passing import Passing, is_sound
from fieldlog.store.reached import FILE, Reached, read_reached, write_reached
from tests.fakes.store_desk import OWN, PROJECT, journal_of, note, opened, team_file, texts

TEAM = OWN["team"]


def passed(files: Sequence[bytes], reached: Reached | None = None, **how: object) -> tuple[list[Line], Passing]:
    passing = Passing(writer=TEAM, project=PROJECT, reached=reached, **how)  # type: ignore[arg-type]
    lines = [line for some in passing.lines(list(enumerate(files, 1))) for line in some]
    chained(lines)
    return lines, passing


def chained(lines: Sequence[Line]) -> None:
    """Every number once, each line following the one before."""
    n, head = 0, first_prev(PROJECT, TEAM)
    for line in lines:
        assert line.n == n + 1
        assert not line.has_head or line.prev == head
        n, head = line.last, line.head_hash


def spoilt(data: bytes, *numbers: int, head: bool = False) -> bytes:
    lines = data.split(b"\n")
    for n in numbers:
        at = 30 if head else len(lines[n - 1]) - 60
        lines[n - 1] = lines[n - 1][:at] + b"~" + lines[n - 1][at + 1 :]
    return b"\n".join(lines)


def end_of(data: bytes) -> Reached:
    last = decode(data.rstrip(b"\n").split(b"\n")[-1])
    return Reached(lane="team", n=last.n, head=last.head_hash)


async def test_a_whole_journal_goes_out_as_it_is() -> None:
    _, data = await journal_of(6)
    lines, passing = passed([data])
    assert b"".join(line.raw + b"\n" for line in lines) == data
    assert passing.lost == []
    assert is_sound([(1, data)], end_of(data))


@pytest.mark.parametrize("numbers", [(1,), (3,), (2, 3), (6,), (1, 2, 3, 4, 5, 6), (2, 5)])
async def test_a_damaged_line_is_passed_on_as_its_proven_head(numbers: tuple[int, ...]) -> None:
    _, data = await journal_of(6)
    bad = spoilt(data, *numbers)
    assert not is_sound([(1, bad)], end_of(data))
    lines, passing = passed([bad], end_of(data))
    assert [line.n for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [line.n for line in lines if line.form == "lost"] == list(numbers)
    told = [n for one in passing.lost for n in range(one.first, one.last + 1)]
    assert told == list(numbers)
    assert {record for one in passing.lost for record in one.records} == {
        op.e for n in numbers for op in decode(data.split(b"\n")[n - 1]).ops
    }
    # What is passed on is passed on again as it is.
    raws = b"".join(line.raw + b"\n" for line in lines)
    assert b"".join(line.raw + b"\n" for line in passed([raws], end_of(data))[0]) == raws


async def test_lines_whose_heads_are_damaged_or_gone_are_one_run() -> None:
    _, data = await journal_of(6)
    lines = data.split(b"\n")
    for bad in (spoilt(data, 2, 3, head=True), b"\n".join([lines[0], *lines[3:]])):
        out, passing = passed([bad])
        assert [(line.n, line.last, line.form) for line in out[1:2]] == [(2, 3, "headless")]
        assert [(one.first, one.last) for one in passing.lost] == [(2, 3)]


async def test_what_is_beyond_the_end_is_known_by_how_far_the_writer_came() -> None:
    _, data = await journal_of(6)
    short = b"\n".join(data.split(b"\n")[:4]) + b"\n"
    assert passed([short])[1].lost == []
    assert not is_sound([(1, short)], end_of(data))
    for files in ([short], []):
        out, passing = passed(files, end_of(data))
        assert out[-1].last == 6
        assert [one.last for one in passing.lost] == [6]


async def test_a_line_that_was_changed_so_that_only_the_chain_tells_is_lost() -> None:
    _, data = await journal_of(5)
    _, other = await journal_of(5)
    lines, others = data.split(b"\n"), other.split(b"\n")
    bad = b"\n".join([*lines[:2], others[2], *lines[3:]])
    out, passing = passed([bad])
    assert [line.form for line in out] == ["whole", "whole", "headless", "whole", "whole"]
    assert [(one.first, one.last) for one in passing.lost] == [(3, 3)]


async def test_a_word_changed_with_all_its_checksums_is_found_by_the_line_after_it() -> None:
    _, data = await journal_of(5)
    lines = data.split(b"\n")
    was = decode(lines[2])
    changed, _ = encode(writer=TEAM, lane="team", n=3, prev=was.prev, salt="00", ops=[note(3, "another word")])
    for last in (4, 5):
        bad = b"\n".join([*lines[:2], changed.rstrip(b"\n"), *lines[3:last], b""])
        out, passing = passed([bad])
        assert [line.form for line in out][2] == "headless"
        assert [(one.first, one.last) for one in passing.lost] == [(3, 3)]


async def test_lines_of_another_copy_stand_in_and_go_on() -> None:
    _, data = await journal_of(6)
    spare = {line.n: line for line in map(decode, data.rstrip(b"\n").split(b"\n"))}
    out, passing = passed([spoilt(data, 2, head=True)], spare=spare)
    assert b"".join(line.raw + b"\n" for line in out) == data
    assert (passing.lost, passing.only_there) == ([], [])
    short = b"\n".join(data.split(b"\n")[:4]) + b"\n"
    out, passing = passed([short], spare=spare)
    assert b"".join(line.raw + b"\n" for line in out) == data
    assert passing.only_there == [5, 6]


async def test_an_unfinished_last_line_is_not_lost_unless_it_was_saved() -> None:
    _, data = await journal_of(3)
    torn = data[:-20]
    assert passed([torn])[1].lost == []
    assert [(one.first, one.last) for one in passed([torn], end_of(data))[1].lost] == [(3, 3)]


# -- how far each writer came


async def test_how_far_a_writer_came_is_kept_and_a_damaged_record_says_nothing() -> None:
    disk = MemoryDisk()
    reached = {TEAM: Reached(lane="team", n=7, head="ab")}
    await write_reached(disk, reached)
    assert await read_reached(disk) == reached
    data = await disk.read(FILE)
    for at in range(len(data) - 1):
        for bit in range(8):
            await disk.replace(FILE, data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :])
            assert await read_reached(disk) in ({}, reached)


@pytest.mark.parametrize("left", [0, 1, 3])
async def test_a_number_is_never_given_twice(left: int) -> None:
    disk, data = await journal_of(5)
    lines = data.split(b"\n")
    await disk.replace(team_file(), b"\n".join([*lines[:left], *(b"~" + raw for raw in lines[left:5]), b""]))
    await disk.remove("views/index.json")
    store = await opened(disk)
    store.commit("team", [[note(9, "after the damage")]])
    await store.close()
    last = decode((await disk.read(team_file())).split(b"\n")[-2])
    assert (last.n, last.prev) == (6, decode(lines[4]).head_hash)
    assert "after the damage" in texts(await opened(disk, own=None))


async def test_without_a_record_the_damaged_lines_count_all_the_same() -> None:
    disk, data = await journal_of(5)
    lines = data.split(b"\n")
    await disk.replace(team_file(), b"\n".join([*lines[:3], *(b"~" + raw for raw in lines[3:5]), b""]))
    await disk.remove(FILE)
    store = await opened(disk)
    store.commit("team", [[note(9)]])
    await store.close()
    assert decode((await disk.read(team_file())).split(b"\n")[-2]).n == 6


async def test_a_line_that_was_saved_and_cut_short_stays_where_it_is() -> None:
    disk, data = await journal_of(5)
    await disk.replace(team_file(), data[:-20])
    store = await opened(disk)
    store.commit("team", [[note(9)]])
    await store.close()
    now = await disk.read(team_file())
    assert now.startswith(data[:-20] + b"\n")
    assert decode(now.split(b"\n")[-2]).n == 6
