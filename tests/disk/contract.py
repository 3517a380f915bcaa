"""What every `Disk` keeps, whatever machine it runs on.

Plain async functions that take a fresh, empty disk: nothing here but the standard library and
FieldLog, so that the same file runs on a laptop and inside a browser. `CONTRACT` lists them all,
`STRICT` those that hold where the machine itself makes open files exclusive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from random import Random

from fieldlog.model.errors import MissingFile, NotSaved, StoreBusy, WrongPlace
from fieldlog.model.ports import Disk

LINE = "扎西说：风太大，先不拍。 Wind; waiting.\n".encode()
FIVE_MEGABYTES = Random(5).randbytes(5_000_000)


Clause = Callable[[Disk], Coroutine[None, None, None]]
CONTRACT: list[Clause] = []
STRICT: list[Clause] = []


def clause(promise: Clause) -> Clause:
    CONTRACT.append(promise)
    return promise


def strict(promise: Clause) -> Clause:
    STRICT.append(promise)
    return promise


@contextmanager
def refused(kind: type[Exception], says: str = "") -> Iterator[None]:
    """Fails unless the body raises `kind`, with a sentence that holds `says`."""
    try:
        yield
    except kind as error:
        assert len(str(error)) > 10 and says in str(error), f"{kind.__name__} says only {error}"
    else:
        raise AssertionError(f"nothing was refused; {kind.__name__} was expected")


async def a_file(disk: Disk, path: str, content: bytes) -> None:
    handle = await disk.open(path, create=True)
    handle.append(content)
    handle.flush()
    handle.close()


@clause
async def a_flushed_append_is_there_after_reopening(disk: Disk) -> None:
    await a_file(disk, "own/w.log", LINE)
    await a_file(disk, "own/w.log", LINE)
    assert await disk.read("own/w.log") == LINE + LINE
    handle = await disk.open("own/w.log")
    assert handle.size() == 2 * len(LINE)
    assert handle.read(0, 1000) == LINE + LINE
    handle.close()


@clause
async def an_append_is_read_back_through_the_same_handle(disk: Disk) -> None:
    handle = await disk.open("w.log", create=True)
    for number in range(100):
        handle.append(b"%03d\n" % number)
    assert handle.size() == 400
    assert handle.read(200, 4) == b"050\n"
    handle.close()


@clause
async def a_range_ends_with_the_file(disk: Disk) -> None:
    await a_file(disk, "w.log", b"0123456789")
    handle = await disk.open_read("w.log")
    assert handle.read(0, 4) == b"0123"
    assert handle.read(4, 100) == b"456789"
    assert handle.read(10, 5) == b""
    assert handle.read(50, 5) == b""
    assert handle.read(3, 0) == b""
    handle.close()


@clause
async def a_write_changes_only_its_own_bytes(disk: Disk) -> None:
    handle = await disk.open("memo.wav", create=True)
    handle.append(b"RIFF????WAVE")
    handle.write(b"\x01\x02\x03\x04", 4)
    handle.append(b"data")
    handle.flush()
    handle.close()
    assert await disk.read("memo.wav") == b"RIFF\x01\x02\x03\x04WAVEdata"


@clause
async def a_write_at_the_end_lengthens_the_file(disk: Disk) -> None:
    handle = await disk.open("slot", create=True)
    handle.write(b"one", 0)
    handle.write(b"two", 3)
    handle.write(b"more", 4)
    handle.append(b"!")
    handle.flush()
    handle.close()
    assert await disk.read("slot") == b"onetmore!"


@clause
async def a_write_never_leaves_a_hole(disk: Disk) -> None:
    handle = await disk.open("slot", create=True)
    handle.append(b"one")
    with refused(ValueError):
        handle.write(b"two", 4)
    with refused(ValueError):
        handle.write(b"two", -1)
    with refused(ValueError):
        handle.truncate(4)
    handle.close()
    assert await disk.read("slot") == b"one"


@clause
async def a_cut_file_goes_on_where_it_was_cut(disk: Disk) -> None:
    handle = await disk.open("w.log", create=True)
    handle.append(b"whole\ntor")
    handle.flush()
    handle.truncate(6)
    assert handle.size() == 6
    handle.append(b"next\n")
    handle.flush()
    handle.close()
    assert await disk.read("w.log") == b"whole\nnext\n"


@clause
async def an_empty_file_is_a_file(disk: Disk) -> None:
    handle = await disk.open("empty", create=True)
    handle.append(b"")
    handle.flush()
    handle.close()
    assert await disk.size("empty") == 0
    assert await disk.read("empty") == b""
    await disk.replace("also empty", b"")
    assert await disk.read("also empty") == b""


@clause
async def a_replaced_file_holds_the_new_bytes_and_nothing_lies_beside_it(disk: Disk) -> None:
    await disk.replace("views/people.json", b"a much longer first version")
    await disk.replace("views/people.json", b"second")
    assert await disk.read("views/people.json") == b"second"
    assert [entry.name for entry in await disk.list("views")] == ["people.json"]


@clause
async def a_replaced_file_can_be_opened_and_lengthened(disk: Disk) -> None:
    await disk.replace("w.log", b"from a bundle\n")
    await a_file(disk, "w.log", LINE)
    assert await disk.read("w.log") == b"from a bundle\n" + LINE


@clause
async def names_put_off_are_there_and_can_be_flushed(disk: Disk) -> None:
    await disk.replace("days/a.csv", LINE, named=False)
    await disk.replace("days/b.part", LINE, named=False)
    await disk.move("days/b.part", "days/b.csv", named=False)
    for folder in ("days", "", "nowhere"):
        await disk.flush_names(folder)
    assert [entry.name for entry in await disk.list("days")] == ["a.csv", "b.csv"]
    assert await disk.read("days/b.csv") == LINE


@clause
async def a_move_takes_the_place_of_what_was_there(disk: Disk) -> None:
    await a_file(disk, "import/raw.part", b"picture")
    await a_file(disk, "media/ab/abcd.jpg", b"what was there, and longer")
    await disk.move("import/raw.part", "media/ab/abcd.jpg")
    assert await disk.read("media/ab/abcd.jpg") == b"picture"
    assert await disk.size("import/raw.part") is None


@clause
async def a_move_makes_the_folders_it_needs(disk: Disk) -> None:
    await a_file(disk, "raw.part", b"picture")
    await disk.move("raw.part", "media/cd/cdef.jpg")
    await disk.move("media/cd/cdef.jpg", "media/cd/other.jpg")
    assert await disk.read("media/cd/other.jpg") == b"picture"
    assert [entry.name for entry in await disk.list("media/cd")] == ["other.jpg"]


@clause
async def a_move_of_nothing_or_of_a_folder_is_refused(disk: Disk) -> None:
    await a_file(disk, "days/PD01/entry.json", b"{}")
    with refused(MissingFile):
        await disk.move("nothing", "somewhere")
    with refused(MissingFile):
        await disk.move("days/PD01", "days/PD02")
    assert await disk.read("days/PD01/entry.json") == b"{}"


@clause
async def a_removed_file_is_gone_and_removing_it_again_is_no_fault(disk: Disk) -> None:
    await a_file(disk, "media/x.part", b"1")
    await disk.remove("media/x.part")
    assert await disk.size("media/x.part") is None
    await disk.remove("media/x.part")
    await disk.remove("no/such/folder/file")


@clause
async def an_empty_folder_can_be_removed_and_made_again(disk: Disk) -> None:
    await a_file(disk, "days/PD01/entry.json", b"{}")
    await disk.remove("days/PD01/entry.json")
    await disk.remove("days/PD01")
    assert await disk.list("days") == []
    await a_file(disk, "days/PD01/entry.json", b"again")
    assert await disk.read("days/PD01/entry.json") == b"again"


@clause
async def a_folder_that_is_not_empty_stays(disk: Disk) -> None:
    await a_file(disk, "days/PD01/entry.json", b"{}")
    with refused(WrongPlace):
        await disk.remove("days/PD01")
    assert await disk.read("days/PD01/entry.json") == b"{}"


@clause
async def a_list_is_sorted_and_tells_folders_and_sizes(disk: Disk) -> None:
    await a_file(disk, "b.log", b"12345")
    await a_file(disk, "a/inner.log", b"1")
    await a_file(disk, "c/d/deep.log", b"1")
    await a_file(disk, "B.log", b"")
    found = [(entry.name, entry.is_dir, entry.bytes) for entry in await disk.list("")]
    assert found == [("B.log", False, 0), ("a", True, 0), ("b.log", False, 5), ("c", True, 0)], found
    assert [entry.name for entry in await disk.list("c")] == ["d"]
    assert await disk.list("nowhere/at/all") == []
    assert await disk.list("b.log") == []


@clause
async def a_list_keeps_up_with_a_file_that_is_being_written(disk: Disk) -> None:
    handle = await disk.open("memo.part", create=True)
    handle.append(b"12345")
    assert [(entry.name, entry.bytes) for entry in await disk.list("")] == [("memo.part", 5)]
    assert await disk.size("memo.part") == 5
    assert await disk.read("memo.part") == b"12345"
    handle.close()


@clause
async def a_file_can_be_read_while_it_grows(disk: Disk) -> None:
    handle = await disk.open("w.log", create=True)
    for _ in range(20):
        handle.append(LINE)
        reading = asyncio.create_task(disk.read("w.log"))
        while not reading.done():
            handle.append(LINE)
            await asyncio.sleep(0)
        found = await reading
        assert found and found == LINE * (len(found) // len(LINE))
    handle.close()


@clause
async def replaces_at_the_same_time_leave_one_of_them_whole(disk: Disk) -> None:
    versions = [bytes([64 + number]) * 1000 * number for number in range(1, 9)]
    await asyncio.gather(*(disk.replace("views/people.json", version) for version in versions))
    assert await disk.read("views/people.json") in versions
    assert [entry.name for entry in await disk.list("views")] == ["people.json"]


@clause
async def chinese_names_are_names(disk: Disk) -> None:
    await a_file(disk, "场记/第十四天 外景.txt", LINE)
    await disk.replace("场记/顿珠.json", b"{}")
    assert [entry.name for entry in await disk.list("")] == ["场记"]
    assert [entry.name for entry in await disk.list("场记")] == ["第十四天 外景.txt", "顿珠.json"]
    assert await disk.read("场记/第十四天 外景.txt") == LINE


@clause
async def what_is_missing_is_named(disk: Disk) -> None:
    for path in ("missing.log", "no/folder/missing.log"):
        for attempt in (disk.open, disk.open_read, disk.read):
            try:
                await attempt(path)
            except MissingFile as error:
                assert error.path == path
            else:
                raise AssertionError(f"{path} was found")
        assert await disk.size(path) is None
    assert await disk.list("") == [], "looking for a file made something"


@clause
async def a_folder_is_no_file_and_a_file_is_no_folder(disk: Disk) -> None:
    await a_file(disk, "own/w.log", LINE)
    for attempt in (disk.open, disk.open_read, disk.read):
        with refused(MissingFile):
            await attempt("own")
        with refused(MissingFile):
            await attempt("own/w.log/inner")
    assert await disk.size("own") is None
    assert await disk.size("own/w.log/inner") is None
    for path in ("own", "own/w.log/inner"):
        with refused(WrongPlace):
            await disk.open(path, create=True)
        with refused(WrongPlace):
            await disk.replace(path, b"")
    assert await disk.read("own/w.log") == LINE


@clause
async def a_path_that_leads_out_is_refused_by_every_verb(disk: Disk) -> None:
    await a_file(disk, "in", b"")
    outside = ("/etc/passwd", "../out", "a/../../out", "a/..", "a//b", "a/", ".", "a\\b", "C:out", "", "a\0b")
    for path in outside:
        for attempt in (disk.open, disk.open_read, disk.read, disk.remove, disk.size, disk.lock):
            with refused(WrongPlace):
                await attempt(path)
        with refused(WrongPlace):
            await disk.open(path, create=True)
        with refused(WrongPlace):
            await disk.replace(path, b"")
        with refused(WrongPlace):
            await disk.move(path, "x")
        with refused(WrongPlace):
            await disk.move("in", path)
        if path:
            for look in (disk.list, disk.flush_names):
                with refused(WrongPlace):
                    await look(path)


@clause
async def a_lock_is_held_by_one(disk: Disk) -> None:
    lock = await disk.lock("lock")
    with refused(StoreBusy):
        await disk.lock("lock")
    lock.release()
    again = await disk.lock("lock")
    lock.release()
    with refused(StoreBusy):
        await disk.lock("lock")
    again.release()


@clause
async def a_lock_makes_its_folder(disk: Disk) -> None:
    lock = await disk.lock("studies/one/lock")
    assert await disk.size("studies/one/lock") is not None
    lock.release()


@clause
async def a_file_open_for_writing_is_held(disk: Disk) -> None:
    handle = await disk.open("own/w.log", create=True)
    handle.append(LINE)
    handle.flush()
    await a_file(disk, "other", b"")
    for refusing in (
        lambda: disk.open("own/w.log"),
        lambda: disk.open("own/w.log", create=True),
        lambda: disk.replace("own/w.log", b""),
        lambda: disk.move("own/w.log", "elsewhere"),
        lambda: disk.move("other", "own/w.log"),
        lambda: disk.remove("own/w.log"),
    ):
        with refused(StoreBusy):
            await refusing()
    handle.close()
    handle.close()
    assert await disk.read("own/w.log") == LINE
    (await disk.open("own/w.log")).close()


@clause
async def a_closed_file_takes_nothing_more(disk: Disk) -> None:
    handle = await disk.open("w.log", create=True)
    handle.close()
    changes: tuple[Callable[[], None], ...] = (
        lambda: handle.append(b"1"),
        lambda: handle.write(b"1", 0),
        lambda: handle.truncate(0),
        handle.flush,
    )
    for change in changes:
        with refused(NotSaved, says="closed"):
            change()
    assert await disk.read("w.log") == b""


@clause
async def a_file_opened_for_reading_is_not_changed(disk: Disk) -> None:
    await a_file(disk, "w.log", LINE)
    handle = await disk.open_read("w.log")
    assert handle.size() == len(LINE)
    changes: tuple[Callable[[], None], ...] = (
        lambda: handle.append(b"1"),
        lambda: handle.write(b"1", 0),
        lambda: handle.truncate(0),
        handle.flush,
    )
    for change in changes:
        with refused(NotSaved, says="reading only"):
            change()
    handle.close()
    assert await disk.read("w.log") == LINE


@clause
async def five_megabytes_come_back_unchanged(disk: Disk) -> None:
    handle = await disk.open("media/memo.wav", create=True)
    for start in range(0, len(FIVE_MEGABYTES), 65_536):
        handle.append(FIVE_MEGABYTES[start : start + 65_536])
    handle.flush()
    handle.close()
    await disk.replace("media/copy.wav", FIVE_MEGABYTES)
    await disk.move("media/copy.wav", "media/moved.wav")
    assert await disk.read("media/memo.wav") == FIVE_MEGABYTES
    assert await disk.read("media/moved.wav") == FIVE_MEGABYTES
    reader = await disk.open_read("media/memo.wav")
    assert reader.read(4_999_990, 100) == FIVE_MEGABYTES[-10:]
    reader.close()


@clause
async def free_bytes_are_more_than_none(disk: Disk) -> None:
    assert await disk.free_bytes() > 1_000_000


@strict
async def a_file_open_for_reading_is_held_too(disk: Disk) -> None:
    await a_file(disk, "w.log", LINE)
    handle = await disk.open_read("w.log")
    for refusing in (
        lambda: disk.open_read("w.log"),
        lambda: disk.open("w.log"),
        lambda: disk.replace("w.log", b""),
        lambda: disk.remove("w.log"),
    ):
        with refused(StoreBusy):
            await refusing()
    assert await disk.read("w.log") == LINE
    handle.close()
