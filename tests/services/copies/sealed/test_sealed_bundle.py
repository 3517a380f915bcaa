"""A sealed bundle: nobody reads a word in it; it comes in as far as it is whole, or changes nothing."""

from __future__ import annotations

import asyncio
import errno
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import BinaryIO

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.model.errors import Cancelled, FieldLogError, NotSaved, NotUnderstood, WrongPlace
from fieldlog.model.line import decode
from fieldlog.services.copies.bundle import make_bundle, pack
from fieldlog.services.copies.bundle_in import import_bundle
from fieldlog.services.copies.only_here import Copies
from fieldlog.services.copies.sealed import first_line
from fieldlog.services.copies.sealed.first_line import TAG, WrongPassphrase
from fieldlog.services.copies.sealed.openssl import OpenSsl
from fieldlog.services.copies.sealed.seal import Seal, seal_of
from fieldlog.services.copies.sealed.unseal import import_sealed, is_sealed, verify_sealed
from fieldlog.services.desk import Desk
from fieldlog.services.imports.report import Imported
from fieldlog.services.machine.long_work import STOPPED
from fieldlog.services.machine.machine import Machine
from fieldlog.services.machine.sources import Bytes, DiskFile
from fieldlog.services.study.erase_promise import UNSEALED, UNSEALED_LOCK
from fieldlog.services.study.studies import open_study, studies
from fieldlog.services.study.workspace import Workspace
from tests.conftest import FULL
from tests.fakes.clock import FakeClock
from tests.fakes.phone import Phone
from tests.services.copies.sealed.conftest import PASSPHRASE, STUDY, WORDS, packed
from tests.services.test_flipped import records

HOUSE = Path(__file__).parents[4]
DECODER = HOUSE / "docs" / "unseal.py"


def laptop() -> Machine:
    """Another device, on which nothing is."""
    return Phone(FakeClock(boot="other"), number=2).machine


async def brought_in(machine: Machine, data: bytes, passphrase: str = PASSPHRASE) -> Imported:
    return await import_sealed(machine, Bytes(name="b.sealed", data=data), passphrase)


async def is_untouched(machine: Machine) -> bool:
    root = [one.name for one in await machine.disk_at("").list("")]
    return not await studies(machine) and UNSEALED not in root


async def test_it_comes_in_as_the_plain_one_does_and_has_the_same_digits(work: Workspace) -> None:
    (sealed, made), (plain, same) = await packed(work), await packed(work, sealed=False)
    machines, found = (laptop(), laptop()), []
    done_by = (
        await brought_in(machines[0], sealed), await import_bundle(machines[1], Bytes(name="b.zip", data=plain)),
    )  # fmt: skip
    for machine, done in zip(machines, done_by, strict=True):
        there = await open_study(machine, STUDY, write=False)
        assert there.store.state.tables == work.store.state.tables
        assert len(await there.vault.all()) == 1
        found.append((done.problems, done.damaged, done.digits))
        await there.close()
    assert found == [([], False, made.digits)] * 2
    assert made.digits == same.digits
    assert (len(made.digits), made.digits.isdecimal()) == (8, True)
    assert (made.lines, made.files, made.bytes) == (same.lines, same.files, len(sealed))


async def test_no_word_of_any_entry_and_no_name_of_any_file_stands_in_it(work: Workspace) -> None:
    data, _ = await packed(work)
    plain, _ = await packed(work, sealed=False)
    secret = {*WORDS, "Vertical days", "memo.wav", "format.json", "journals", "PK\x03\x04", work.store.project}
    secret |= {value for doc in records(work).values() for value in doc.values() if isinstance(value, str)}
    for words in (one for one in secret if len(one) > 3):
        assert words.encode() not in data, words
        assert words.encode("utf-16-le") not in data, words
    assert all(words.encode() in plain for words in WORDS)
    assert not any(plain[at : at + 16] in data for at in range(0, len(plain) - 16, 16))


async def test_nothing_plain_is_left_beside_it(work: Workspace, tmp_path: Path) -> None:
    await make_bundle(work, tmp_path / "b.sealed", seal=seal_of(work.machine, PASSPHRASE))
    assert [one.name for one in tmp_path.iterdir()] == ["b.sealed"]
    assert await work.store.disk.list("outbox") == []
    copies = await Copies.open(work)
    assert (copies.count, [copy.path for copy in copies.copies]) == (0, [str(tmp_path / "b.sealed")])


async def test_a_stop_leaves_nothing_of_it(work: Workspace) -> None:
    class Stopping(OpenSsl):
        """Somebody taps Stop while it seals."""

        async def sealed(self, key: bytes, nonce: bytes, data: bytes, bound: bytes) -> bytes:
            raise Cancelled(STOPPED)

    disk, whole = MemoryDisk(), seal_of(work.machine, PASSPHRASE)
    for seal, stops in ((Seal(cipher=Stopping(), passphrase=PASSPHRASE), False), (whole, True)):
        with pytest.raises(Cancelled):
            await pack(work, DiskFile(disk=disk, path="b"), seal=seal, cancelled=partial(bool, stops))
        assert await disk.list("") == []
        assert await work.store.disk.list("outbox") == []


async def test_where_the_disk_is_full_nothing_of_it_is_left(work: Workspace) -> None:
    plain, _ = await packed(work, sealed=False)
    disk = MemoryDisk(capacity=len(plain) // 2)
    with pytest.raises(NotSaved):
        await pack(work, DiskFile(disk=disk, path="b"), seal=seal_of(work.machine, PASSPHRASE))
    assert await disk.list("") == []
    assert await work.store.disk.list("outbox") == []


async def test_it_takes_the_place_of_no_file(work: Workspace, tmp_path: Path) -> None:
    seal = seal_of(work.machine, PASSPHRASE)
    await make_bundle(work, tmp_path / "b.zip")
    before = (tmp_path / "b.zip").read_bytes()
    with pytest.raises(WrongPlace, match="takes the place of no file"):
        await make_bundle(work, tmp_path / "b.zip", seal=seal)
    assert (tmp_path / "b.zip").read_bytes() == before


def test_a_short_passphrase_is_refused() -> None:
    for short in ("", "       x       ", "1234567"):
        with pytest.raises(NotUnderstood, match="at least 8 characters"):
            seal_of(laptop(), short)


async def test_a_wrong_passphrase_changes_nothing(work: Workspace) -> None:
    data, _ = await packed(work)
    for wrong in ("", "   ", PASSPHRASE.upper(), "another passphrase"):
        machine = laptop()
        with pytest.raises(WrongPassphrase, match=r"does not open b\.sealed"):
            await brought_in(machine, data, wrong)
        assert await is_untouched(machine)


async def test_a_cut_file_changes_nothing(work: Workspace, seed: int) -> None:
    data, _ = await packed(work)
    ends = {0, 1, 200, len(data) - 1, *Random(seed).sample(range(len(data)), 20)}
    for end in ends:
        machine = laptop()
        with pytest.raises(NotUnderstood):
            await brought_in(machine, data[:end])
        assert await is_untouched(machine)


async def test_another_studys_file_changes_nothing_where_one_study_was_chosen(work: Workspace) -> None:
    data, _ = await packed(work)
    machine = laptop()
    with pytest.raises(NotUnderstood, match="of another study"):
        await import_sealed(machine, Bytes(name="b.sealed", data=data), PASSPHRASE, only="another")
    assert await is_untouched(machine)


async def test_a_flipped_byte_costs_its_megabyte_is_named_and_is_never_a_wrong_word(
    work: Workspace, monkeypatch: pytest.MonkeyPatch, seed: int, count: Callable[[int, int], int]
) -> None:
    chunk = 256
    monkeypatch.setattr(first_line, "CHUNK", chunk)
    (data, _), (plain, _) = await packed(work), await packed(work, sealed=False)
    first, whole, dice = data.index(b"\n") + 1, records(work), Random(seed)
    places = range(len(data)) if count(0, 1) else sorted(dice.sample(range(len(data)), 120))
    for place in places:
        hurt = data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :]
        machine = laptop()
        if place < first:
            with pytest.raises(NotUnderstood):
                await brought_in(machine, hurt)
            assert await is_untouched(machine)
            continue
        n = (place - first) // (chunk + TAG)
        done = await brought_in(machine, hurt)
        assert f"Megabyte {n + 1} of b.sealed is damaged; what is whole elsewhere in it was read." in done.problems
        assert (done.damaged, done.digits) == (True, "")
        there = await open_study(machine, STUDY, write=False)
        gone = hit(plain, n * chunk, (n + 1) * chunk)
        found = records(there)
        assert {name: doc for name, doc in found.items() if whole.get(name) != doc} == {}, place
        assert whole.keys() - found.keys() <= gone, place
        await there.close()


def hit(plain: bytes, begin: int, end: int) -> set[str]:
    """The records that the lines between two places of a bundle speak of, and those that touch them."""
    found, at = set[str](), 0
    for raw in plain.split(b"\n"):
        stop = at + len(raw)
        if at <= end and stop >= begin - 1:
            start = max(raw.find(b'{"fl":'), 0)
            with suppress(FieldLogError):
                found |= {op.e for op in decode(raw[start:]).ops}
        at = stop + 1
    return found


async def test_a_bundle_of_one_megabyte_that_does_not_open_is_refused(work: Workspace) -> None:
    data, _ = await packed(work)
    machine = laptop()
    with pytest.raises(NotUnderstood, match=r"All of b\.sealed is damaged"):
        await brought_in(machine, data[:-1] + bytes([data[-1] ^ 1]))
    assert await is_untouched(machine)


async def test_checking_names_a_damaged_megabyte_and_finds_none_in_a_whole_one(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_line, "CHUNK", 1024)
    data, _ = await packed(work)
    assert await verify_sealed(laptop(), Bytes(name="b.sealed", data=data), PASSPHRASE) == []
    hurt = data[:-1] + bytes([data[-1] ^ 1])
    first, *_ = await verify_sealed(laptop(), Bytes(name="b.sealed", data=hurt), PASSPHRASE)
    assert first.startswith("Megabyte ")


async def test_what_was_opened_when_the_app_was_killed_goes_at_the_next_start_and_not_before(
    work: Workspace,
) -> None:
    root = work.machine.disk_at("")
    await root.replace(UNSEALED, b"words")
    lock = await root.lock(UNSEALED_LOCK)
    await (await open_study(work.machine, "another", write=True)).close()
    assert await root.size(UNSEALED)
    lock.release()
    await (await open_study(work.machine, "another", write=True)).close()
    assert await root.size(UNSEALED) is None


async def test_it_goes_where_no_study_was_there_yet_too() -> None:
    machine = laptop()
    await machine.disk_at("").replace(UNSEALED, b"words")
    desk = await Desk.open(machine)
    assert desk.work is None
    assert await machine.disk_at("").size(UNSEALED) is None
    await desk.close()


async def test_a_sealed_one_is_known_by_its_name_or_by_its_first_bytes(work: Workspace) -> None:
    (sealed, _), (plain, _) = await packed(work), await packed(work, sealed=False)
    told = {("a.bin", sealed): True, ("b.SEALED", b""): True, ("c.zip", plain): False, ("d.txt", b""): False}
    for (name, data), is_one in told.items():
        assert await is_sealed(Bytes(name=name, data=data)) is is_one


def decoded(folder: Path, data: bytes, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
    (folder / "b.sealed").write_bytes(data)
    (folder / "phrase.txt").write_text(passphrase + "\n", encoding="utf-8")
    (folder / "b.zip").unlink(missing_ok=True)
    words = [sys.executable, str(DECODER), "b.sealed", "b.zip", "--passphrase-file", "phrase.txt"]
    return subprocess.run(words, cwd=folder, capture_output=True, encoding="utf-8", check=False)


async def test_the_decoder_alone_opens_it_without_fieldlog(work: Workspace, tmp_path: Path) -> None:
    (data, _), (plain, _) = await packed(work), await packed(work, sealed=False)
    assert "import fieldlog" not in DECODER.read_text("utf-8")
    assert "from fieldlog" not in DECODER.read_text("utf-8")
    ran = await asyncio.to_thread(decoded, tmp_path, data)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "b.zip").read_bytes() == plain
    ran = await asyncio.to_thread(decoded, tmp_path, data, "another passphrase")
    assert (ran.returncode, "does not open it" in ran.stderr, (tmp_path / "b.zip").exists()) == (1, True, False)
    ran = await asyncio.to_thread(decoded, tmp_path, b"PK" + data)
    assert (ran.returncode, "no sealed bundle" in ran.stderr, (tmp_path / "b.zip").exists()) == (1, True, False)


async def test_whatever_ends_the_decoder_early_nothing_opened_is_left(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = await packed(work)
    endless = re.sub(rb'"iterations":\d+', b'"iterations":' + b"9" * 20, data, count=1)
    ran = await asyncio.to_thread(decoded, tmp_path, endless)
    assert (ran.returncode, "no sealed bundle" in ran.stderr, ran.stderr.count("\n")) == (1, True, 1)
    found = importlib.util.spec_from_file_location("unseal", DECODER)
    assert found
    assert found.loader
    decoder = importlib.util.module_from_spec(found)
    found.loader.exec_module(decoder)
    words = ["unseal.py", "b.sealed", "b.zip", "--passphrase-file", "phrase.txt"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", words)
    for why, end in (
        (OSError(errno.ENOSPC, "No space left on device"), SystemExit), (KeyboardInterrupt(), KeyboardInterrupt),
    ):  # fmt: skip

        def ends(_: object, target: BinaryIO, __: str, why: BaseException = why) -> None:
            target.write(b"what was opened")
            raise why

        monkeypatch.setattr(decoder, "unseal", ends)
        with pytest.raises(end) as told:
            decoder.main()
        assert "No space left on device" in str(told.value) or end is KeyboardInterrupt
        assert sorted(one.name for one in tmp_path.iterdir()) == ["b.sealed", "phrase.txt"]


async def test_the_decoder_names_a_damaged_megabyte_and_a_missing_end(tmp_path: Path) -> None:
    plain, cipher = bytes(range(256)) * 4096 * 2 + b"end", OpenSsl()
    line, key = await first_line.begun(cipher, PASSPHRASE, len(plain))
    pieces = [
        await cipher.sealed(key, line.nonce(n), plain[line.at(n) : line.at(n) + line.length(n)], line.bound)
        for n in range(line.chunks)
    ]
    hurt = bytearray(line.raw + b"".join(pieces))
    hurt[len(line.raw) + 5] ^= 1
    ran = await asyncio.to_thread(decoded, tmp_path, bytes(hurt[:-2]))
    assert ran.returncode == 1
    assert ran.stderr.splitlines() == [
        f"Megabyte {n} is damaged or missing; zeros stand for it." for n in (1, 3)
    ]  # fmt: skip
    mega = 1 << 20
    assert (tmp_path / "b.zip").read_bytes() == bytes(mega) + plain[mega : 2 * mega] + bytes(3)


FOUR_GIGABYTES = """
import asyncio, json, resource, sys
from pathlib import Path
from fieldlog.services.capture.capture import Capture
from fieldlog.services.copies.bundle import make_bundle
from fieldlog.services.copies.sealed.seal import seal_of
from fieldlog.services.copies.sealed.unseal import import_sealed
from fieldlog.services.machine.machine import laptop
from fieldlog.services.machine.sources import FileSource
from fieldlog.services.study.studies import open_study

async def there_and_back(folder, passphrase):
    work = await open_study(laptop(folder / "here"), "01950000-0000-7000-8000-000000000001", write=True)
    await Capture(work).begin(zone="UTC")
    await Capture(work).file(FileSource(path=folder / "long.bin"))
    (folder / "long.bin").unlink()
    await make_bundle(work, folder / "b.sealed", seal=seal_of(work.machine, passphrase))
    await work.close()
    return await import_sealed(laptop(folder / "there"), FileSource(path=folder / "b.sealed"), passphrase)

done = asyncio.run(there_and_back(Path(sys.argv[1]), sys.argv[2]))
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"problems": [str(one) for one in done.problems], "digits": done.digits, "most": most}))
"""


@pytest.mark.alone
@pytest.mark.skipif(not FULL or sys.platform == "win32", reason="takes minutes and 20 GB: a full run tries it")
async def test_four_gigabytes_are_sealed_and_opened_in_little_memory(tmp_path: Path) -> None:
    if shutil.disk_usage(tmp_path).free < 20_000_000_000:
        pytest.skip("there are no 20 GB here")
    with (tmp_path / "long.bin").open("wb") as file:
        file.truncate(4 << 30)
    words = [sys.executable, "-c", FOUR_GIGABYTES, str(tmp_path), PASSPHRASE]
    ran = await asyncio.to_thread(subprocess.run, words, cwd=HOUSE, capture_output=True, check=True)
    found = json.loads(ran.stdout)
    assert (found["problems"], len(found["digits"])) == ([], 8)
    assert found["most"] <= 150_000_000
    assert (tmp_path / "b.sealed").stat().st_size > 4 << 30
