"""What only a real file system shows: a full disk, a killed process, a flush that fails."""

from __future__ import annotations

import asyncio
import errno
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldlog.disk import posix, posix_handle, syscalls
from fieldlog.disk.paths import TEMP_SUFFIX
from fieldlog.disk.posix import PosixDisk
from fieldlog.model.errors import DiskFull, NotSaved, StoreBusy
from fieldlog.services.machine.long_work import driven
from tests.conftest import wanting
from tests.disk.contract import a_file
from tests.fakes.small_disk import mounted

LINE = "场记：第十四场第二条过。\n".encode()
PRELUDE = """
import asyncio, sys
from pathlib import Path
from fieldlog.disk import posix
disk = posix.PosixDisk(Path(sys.argv[1]))
"""

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 300 kB."""
    with mounted(tmp_path / "small", "300k") as place:
        yield place


@contextmanager
def files_no_longer_than(limit: int) -> Iterator[None]:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def failing_flush(fd: int) -> None:
    raise OSError(errno.EIO, "Input/output error")


def python(source: str, root: Path, *before: str) -> subprocess.Popen[str]:
    command = [*before, sys.executable, "-c", PRELUDE + source, str(root)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parents[2])


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_a_full_disk_keeps_every_line_it_took_and_nothing_else(small_disk: Path) -> None:
    async def fill() -> None:
        disk = PosixDisk(small_disk)
        handle = await disk.open("own/w.log", create=True)
        await a_file(disk, "ballast", b"x" * 10_000)
        taken = 0
        with pytest.raises(DiskFull, match="no space left"):
            while True:
                handle.append(LINE * 7)
                handle.flush()
                taken += 7
        assert taken > 1000
        assert await disk.read("own/w.log") == LINE * taken
        await disk.remove("ballast")
        handle.append(LINE)
        handle.flush()
        handle.close()
        assert await disk.read("own/w.log") == LINE * (taken + 1)

    asyncio.run(fill())


def test_a_replace_that_does_not_fit_leaves_the_old_file_alone(small_disk: Path) -> None:
    async def overfill() -> None:
        disk = PosixDisk(small_disk)
        await disk.replace("views/notes.json", b"old")
        with pytest.raises(DiskFull):
            await disk.replace("views/notes.json", b"x" * 400_000)
        assert await disk.read("views/notes.json") == b"old"
        assert [entry.name for entry in await disk.list("views")] == ["notes.json"]
        assert await disk.free_bytes() > 200_000

    asyncio.run(overfill())


@posix_only
def test_a_half_written_append_is_cut_off_and_the_next_one_follows_the_last_whole_line(
    tmp_path: Path,
) -> None:
    async def overrun() -> None:
        disk = PosixDisk(tmp_path)
        handle = await disk.open("w.log", create=True)
        handle.append(b"whole\n")
        with files_no_longer_than(20), pytest.raises(NotSaved):
            handle.append(b"x" * 1000)
        assert handle.size() == 6
        handle.append(b"next\n")
        handle.flush()
        handle.close()
        assert await disk.read("w.log") == b"whole\nnext\n"

    asyncio.run(overrun())


def test_after_a_failed_flush_nothing_is_called_saved_until_the_file_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> None:
        disk = PosixDisk(tmp_path)
        handle = await disk.open("w.log", create=True)
        handle.append(b"saved\n")
        handle.flush()
        handle.append(b"in doubt\n")
        with monkeypatch.context() as worn_out:
            worn_out.setattr(posix_handle, "flush_fd", failing_flush)
            with pytest.raises(NotSaved, match="refused to write"):
                handle.flush()
        for attempt in (handle.flush, lambda: handle.append(b"more\n"), lambda: handle.write(b"x", 0)):
            with pytest.raises(NotSaved, match="open it again"):
                attempt()
        assert handle.read(0, 100) == b"saved\n"
        handle.close()
        handle = await disk.open("w.log")
        handle.append(b"after\n")
        handle.flush()
        handle.close()
        assert await disk.read("w.log") == b"saved\nafter\n"

    asyncio.run(fail())


@posix_only
def test_a_failed_append_that_cannot_be_repaired_stops_every_further_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail() -> None:
        handle = await PosixDisk(tmp_path).open("w.log", create=True)
        handle.append(b"whole\n")
        with monkeypatch.context() as worn_out, files_no_longer_than(20):
            worn_out.setattr(posix_handle, "flush_fd", failing_flush)
            with pytest.raises(NotSaved):
                handle.append(b"x" * 1000)
        with pytest.raises(NotSaved, match="open it again"):
            handle.append(b"next\n")
        with pytest.raises(NotSaved, match="open it again"):
            handle.flush()
        handle.close()

    asyncio.run(fail())


def test_a_second_process_is_told_that_the_store_is_open_until_the_first_is_gone(tmp_path: Path) -> None:
    first = python("lock = asyncio.run(disk.lock('lock'))\nprint('held', flush=True)\ninput()", tmp_path)
    assert said(first) == "held"
    with pytest.raises(StoreBusy, match="already open"):
        asyncio.run(PosixDisk(tmp_path).lock("lock"))
    ended(first)
    asyncio.run(PosixDisk(tmp_path).lock("lock")).release()


def test_a_process_killed_before_the_rename_leaves_the_old_file_and_a_named_orphan(tmp_path: Path) -> None:
    disk = PosixDisk(tmp_path)
    asyncio.run(disk.replace("day.json", b"old"))
    stop = """
def stop_here(source, target):
    print('written', flush=True)
    input()
posix.rename = stop_here
asyncio.run(disk.replace('day.json', b'new and whole'))
"""
    killed = python(stop, tmp_path)
    assert said(killed) == "written"
    ended(killed)
    assert asyncio.run(disk.read("day.json")) == b"old"
    whole, orphan = (entry.name for entry in asyncio.run(disk.list("")))
    assert whole == "day.json"
    assert re.fullmatch(r"day\.json\.[0-9a-f]{8}\.part~", orphan)
    asyncio.run(disk.replace("day.json", b"newer"))
    assert asyncio.run(disk.read("day.json")) == b"newer"
    assert [entry.name for entry in asyncio.run(disk.list(""))] == [whole, orphan]


def test_two_processes_that_replace_one_file_never_write_into_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one is written, and has not its name yet, when the other comes."""
    one, other, renamed = PosixDisk(tmp_path), PosixDisk(tmp_path), syscalls.rename

    def meanwhile(source: Path, target: Path) -> None:
        monkeypatch.setattr(posix, "rename", renamed)
        driven(other.replace("day.json", b"of the other"))
        assert source.read_bytes() == b"of the one, whole"
        renamed(source, target)

    monkeypatch.setattr(posix, "rename", meanwhile)
    asyncio.run(one.replace("day.json", b"of the one, whole"))
    assert [entry.name for entry in asyncio.run(one.list(""))] == ["day.json"]
    assert (tmp_path / "day.json").read_bytes() == b"of the one, whole"


def system_calls(source: str, tmp_path: Path) -> list[str]:
    """The calls that make bytes durable, each with the file it is for, until "acknowledged" is printed."""
    strace = shutil.which("strace") or wanting("strace is missing; build/test.py installs it")
    trace = tmp_path / "trace"
    watched = "trace=write,pwrite64,fsync,fdatasync,rename,renameat,renameat2"
    root = tmp_path / "store"
    traced = python(source, root, strace, "-f", "-y", "-e", watched, "-o", str(trace))
    traced.communicate()
    if traced.returncode:
        pytest.skip("strace may not watch here")
    calls = []
    for line in trace.read_text().splitlines():
        line = re.sub(r"\.[0-9a-f]{8}\.part~", TEMP_SUFFIX, line)
        if found := re.match(r"\d+ +(\w+)\((?:\d+<([^>]*)>|.*?\"([^\"]*)\")", line):
            calls.append(f"{found[1]} {(found[2] or found[3]).removeprefix(str(root))}")
            if '"acknowledged' in line:
                return [*calls[:-1], "acknowledged"]
    raise AssertionError(f"nothing was acknowledged: {calls}")


def test_saved_is_said_after_the_flush_and_the_new_name_is_durable_before(tmp_path: Path) -> None:
    save = """
handle = asyncio.run(disk.open('own/w.log', create=True))
handle.append(b'line')
handle.flush()
print('acknowledged', flush=True)
"""
    assert system_calls(save, tmp_path) == [
        f"fsync {tmp_path}",
        "fsync ",
        "fsync /own",
        "pwrite64 /own/w.log",
        "fsync /own/w.log",
        "acknowledged",
    ]


def test_a_replaced_file_is_flushed_before_it_gets_its_name_and_its_folder_after(tmp_path: Path) -> None:
    calls = system_calls(
        "asyncio.run(disk.replace('day.json', b'new'))\nprint('acknowledged', flush=True)", tmp_path
    )
    assert calls == [
        f"fsync {tmp_path}",
        f"pwrite64 /day.json{TEMP_SUFFIX}",
        f"fsync /day.json{TEMP_SUFFIX}",
        f"rename /day.json{TEMP_SUFFIX}",
        "fsync ",
        "acknowledged",
    ]


def test_a_file_that_a_scanner_holds_for_a_moment_is_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, held = Path.replace, [3]

    def refusing_thrice(source: Path, target: Path) -> Path:
        held[0] -= 1
        if held[0] >= 0:
            raise PermissionError(errno.EACCES, "Access is denied")
        return replace(source, target)

    monkeypatch.setattr(syscalls, "WINDOWS", True)
    monkeypatch.setattr(Path, "replace", refusing_thrice)
    asyncio.run(PosixDisk(tmp_path).replace("day.json", b"new"))
    assert (tmp_path / "day.json").read_bytes() == b"new"


@posix_only
def test_a_folder_that_may_not_be_written_says_so_in_a_sentence() -> None:
    with pytest.raises(NotSaved, match="refused to write"):
        asyncio.run(PosixDisk(Path("/proc/nowhere")).replace("day.json", b""))
