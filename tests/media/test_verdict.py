"""What comes in damaged or misnamed is kept, and gets the verdict it deserves."""

from __future__ import annotations

import struct

import pytest

from fieldlog.disk.memory import MemoryDisk
from fieldlog.media.derived import read_derived
from fieldlog.media.intake import Taken, take_in
from fieldlog.media.kinds import PDF
from fieldlog.media.photo.eye import Eye
from fieldlog.media.photo.eyes import find_eye
from fieldlog.media.reading import Held
from fieldlog.media.sound.wav import read_plan
from fieldlog.media.structure import structure_of
from fieldlog.media.vault import Vault
from fieldlog.media.verdict import PRECEDENCE, SENTENCES, Examined, examine, ranked
from tests.fakes.made import EXPECTED, LONG_NAME, SIDECAR, Bytes, bad_files, photo, riff, saved, sine, tone
from tests.media.test_kinds import ADTS_FRAME, CONTENT

WITH_SIDECAR = ("noheader.wav", "part.pcm")
BAD = bad_files()


async def taken_in(eye: Eye | None) -> tuple[Vault, dict[str, Taken]]:
    vault, taken = Vault(MemoryDisk()), {}
    for name, data in BAD.items():
        sidecar = SIDECAR if name in WITH_SIDECAR else None
        taken[name] = await take_in(vault, Bytes(name, data), sidecar=sidecar, eye=eye)
    return vault, taken


async def looked_at(name: str, data: bytes) -> Examined:
    vault = Vault(MemoryDisk())
    return (await take_in(vault, Bytes(name, data), sidecar=SIDECAR, eye=find_eye(), derive=False)).examined


@pytest.mark.parametrize("eye", [None, find_eye()], ids=["structure alone", "with an eye"])
async def test_every_bad_file_gets_the_verdict_it_deserves(eye: Eye | None) -> None:
    _, taken = await taken_in(eye)
    assert {name: one.examined.verdict for name, one in taken.items()} == EXPECTED


@pytest.mark.parametrize("eye", [None, find_eye()], ids=["structure alone", "with an eye"])
async def test_every_bad_file_that_has_bytes_is_kept_as_it_is(eye: Eye | None) -> None:
    vault, taken = await taken_in(eye)
    for name, data in BAD.items():
        kept = taken[name].kept
        if not data:
            assert kept is None
            continue
        assert kept is not None
        assert await vault.disk.read(kept.path) == data
        assert await vault.verify(kept.sha256) is None


async def test_what_can_be_shown_of_a_bad_file_is_shown() -> None:
    vault, taken = await taken_in(find_eye())
    for name in ("half.jpg", "really_png.jpg"):
        assert taken[name].derived == ("thumb.jpg", "preview.jpg")
    for name in ("huge.png", "text.jpg", "nomoov.m4a"):
        assert taken[name].derived == ()
    for name, seconds in (("noheader.wav", 2.0), ("streamed.wav", 2.0), ("part.pcm", 15_999 / 16_000)):
        one = taken[name]
        assert one.kept is not None
        assert one.examined.seconds == seconds
        sound = await read_derived(vault, one.kept.sha256, "repaired.wav")
        assert sound == riff(sine(32_000)[: int(seconds * 16_000) * 2])
        assert len(await read_derived(vault, one.kept.sha256, "peaks.bin")) == round(seconds * 10)


async def test_a_verdict_comes_with_the_facts_behind_it() -> None:
    _, taken = await taken_in(find_eye())
    facts = {name: one.examined for name, one in taken.items()}
    assert facts["not-utf8.txt"].charset == "gb18030"
    assert (facts["huge.png"].width, facts["huge.png"].height) == (16_000, 16_000)
    assert facts["really_png.jpg"].mime == "image/png"
    assert (facts["text.jpg"].family, facts["text.jpg"].extension) == ("document", "txt")
    assert facts[LONG_NAME].also == ("duplicate",)
    assert not facts["zero.jpg"].kept
    assert all(one.problem for one in facts.values() if one.verdict != "ok")


def test_a_recording_without_a_rate_is_kept_but_cannot_be_played() -> None:
    for name in WITH_SIDECAR:
        assert examine(name, Held(BAD[name])).verdict == "unplayable"
    assert examine("silent.wav", Held(riff(b""))).verdict == "unplayable"


def test_the_gravest_fault_is_told_first_and_the_others_beside_it() -> None:
    photo_cut = photo()[:-200]
    examined = examine("CON.png", Held(photo_cut), eye=find_eye()).as_duplicate()
    assert examined.verdict == "truncated"
    assert examined.also == ("not-what-it-says", "renamed", "duplicate")
    assert ranked([]) == ("ok",)
    assert ranked(["ok", "duplicate"]) == ("duplicate",)
    assert set(PRECEDENCE) == set(SENTENCES)


async def test_a_motion_photo_and_a_photo_with_a_thumbnail_inside_are_whole() -> None:
    clip = b"\0\0\0\x18ftypmp42" + tone(4000)
    thumb = photo(size=(40, 30))
    inside = struct.pack(">H", len(thumb) + 2)
    whole = photo()
    nested = whole[:2] + b"\xff\xe5" + inside + thumb + whole[2:]
    for data in (whole + clip, nested, photo(progressive=True)):
        assert (await looked_at("a.jpg", data)).verdict == "ok"
    assert examine("a.jpg", Held(nested[:-2])).verdict == "truncated"


@pytest.mark.parametrize("mime", ["image/jpeg", "image/png", "image/webp", "image/gif"])
def test_a_picture_cut_anywhere_is_told_from_a_whole_one_without_decoding(mime: str) -> None:
    noisy = CONTENT[mime]
    assert structure_of(Held(noisy), mime).whole
    for missing in (1, 3, len(noisy) // 2):
        assert not structure_of(Held(noisy[:-missing]), mime).whole
    stored = structure_of(Held(noisy), mime)
    assert stored.width >= 8
    assert stored.height >= 8


async def test_a_picture_damaged_in_the_middle_is_found_by_decoding_it() -> None:
    from PIL import Image

    whole = saved(Image.effect_noise((200, 200), 60), "PNG")
    middle = len(whole) // 2
    damaged = whole[:middle] + bytes(60) + whole[middle + 60 :]
    assert examine("a.png", Held(damaged)).verdict == "ok"
    examined = await looked_at("a.png", damaged)
    assert examined.verdict in ("undecodable", "truncated")


def test_a_film_clip_and_its_sound_are_playable_only_with_their_index() -> None:
    index, sound = b"\0\0\0\x10moov" + bytes(8), struct.pack(">I", 108) + b"mdat" + bytes(100)
    front = b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42"
    for data, verdict in (
        (front + index + sound, "ok"),
        (front + sound + index, "ok"),
        (front + index + sound[:-30], "truncated"),
        (front + sound[:-30], "unplayable"),
        (front + sound, "unplayable"),
    ):
        assert examine("a.m4a", Held(data)).verdict == verdict


def test_a_document_cut_off_is_told_from_a_whole_one() -> None:
    pdf = b"%PDF-1.7\n" + b"x" * 5000 + b"\n%%EOF\n"
    assert examine("call sheet.pdf", Held(pdf)).verdict == "ok"
    assert examine("call sheet.pdf", Held(pdf[:-100])).verdict == "truncated"
    assert structure_of(Held(pdf), PDF.mime).whole
    archive = CONTENT["application/zip"]
    assert examine("a.zip", Held(archive)).verdict == "ok"
    assert examine("a.zip", Held(archive[:-30])).verdict == "truncated"
    document = CONTENT["application/vnd.openxmlformats-officedocument.wordprocessingml.document"]
    assert examine("a.docx", Held(document[:-30])).verdict == "truncated"


async def test_good_files_are_good() -> None:
    for name, data in (("a.wav", riff(tone(500))), ("a.aac", ADTS_FRAME * 3), ("a.txt", b"a"), ("a.jpg", photo())):
        examined = await looked_at(name, data)
        assert (examined.verdict, examined.also, examined.problem) == ("ok", (), "")
    good = riff(tone(500))
    assert read_plan(Held(good)).canonical


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.png", "a.wav", "a.m4a", "a.pdf", "a.docx", "a.pcm", "a.webp", "a.gif"]
)
@pytest.mark.parametrize("mime", CONTENT)
async def test_no_file_cut_anywhere_makes_the_examiner_fall(mime: str, name: str) -> None:
    data = CONTENT[mime]
    cuts = {1, 2, 3, 4, 8, 12, 16, 20, 21, 30, 44, len(data) // 2, max(1, len(data) - 1)}
    for cut in sorted(cuts):
        assert (await looked_at(name, data[:cut])).kept


@pytest.mark.parametrize("mime", CONTENT)
def test_a_file_cut_within_its_first_bytes_is_judged_by_its_structure(mime: str) -> None:
    data = CONTENT[mime]
    for cut in range(1, min(len(data), 800)):
        assert examine("a.jpg", Held(data[:cut])).kept
