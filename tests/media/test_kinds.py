"""What a file is, told by its content."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from fieldlog.media.kinds import agrees, charset_of, sniff
from tests.fakes.made import photo, riff, saved, tone

TINY = Image.new("RGB", (8, 8))
MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
ADTS_FRAME = b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)


def _docx() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "")
        made.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def _epub() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/epub+zip")
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "a")
    return out.getvalue()


def _mp4(brand: bytes, rest: bytes = b"") -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0isommp42" + rest


CONTENT = {
    "image/jpeg": photo(),
    "image/png": saved(TINY, "PNG"),
    "image/webp": saved(TINY, "WEBP"),
    "image/gif": saved(TINY, "GIF"),
    "image/tiff": saved(TINY, "TIFF"),
    "image/heic": _mp4(b"heic"),
    "image/avif": _mp4(b"avif"),
    "audio/wav": riff(tone(100)),
    "audio/mp4": _mp4(b"M4A "),
    "video/mp4": _mp4(b"isom", b"hdlr vide"),
    "video/quicktime": _mp4(b"qt  ", b"hdlr vide"),
    "audio/mpeg": MP3_FRAME * 3,
    "audio/aac": ADTS_FRAME * 3,
    "audio/flac": b"fLaC\0\0\0\x22",
    "audio/ogg": b"OggS\0\2" + bytes(22) + b"OpusHead",
    "audio/webm": b"\x1aE\xdf\xa3webm A_OPUS",
    "video/webm": b"\x1aE\xdf\xa3webm V_VP9 A_OPUS",
    "audio/x-caf": b"caff\x00\x01\x00\x00desc",
    "audio/amr": b"#!AMR\n",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": _zip(),
    "application/epub+zip": _epub(),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _docx(),
    "application/rtf": b"{\\rtf1}",
    "text/plain": "灯还没好 the lamp is not ready\n".encode(),
    "application/octet-stream": bytes(range(256)),
}


@pytest.mark.parametrize("mime", CONTENT)
def test_a_file_is_known_by_its_content_whatever_it_is_called(mime: str) -> None:
    data = CONTENT[mime]
    for name in ("", "IMG_0001.JPG", "memo.wav", "x.unheard-of"):
        assert sniff(data, len(data), name=name).mime == mime


def test_a_name_settles_what_content_leaves_open() -> None:
    table = b"day,scene\n14,34-2\n"
    noise = b"\x01\x02" * 500
    assert sniff(table, len(table), name="sheet.csv").mime == "text/csv"
    assert sniff(table, len(table), name="sheet.txt").mime == "text/plain"
    assert sniff(noise, len(noise), name="a.pcm").mime == "audio/L16"
    assert sniff(noise, len(noise), name="a.pcm.part").mime == "audio/L16"
    assert sniff(noise, len(noise), name="a.dat").mime == "application/octet-stream"
    assert sniff(bytes(900), 900, name="killed.wav").mime == "audio/wav"
    assert sniff(bytes(900), 900, name="killed.dat").mime == "application/octet-stream"
    sound = _mp4(b"mp42")
    assert sniff(sound, len(sound), name="memo.m4a").family == "audio"
    assert sniff(sound, len(sound), name="clip.mp4").family == "document"


def test_a_web_page_is_never_served_as_one() -> None:
    page = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for name in ("a.svg", "a.html", "a.xml", "a.txt"):
        assert sniff(page, len(page), name=name).mime == "text/plain"


def test_two_sync_bytes_in_the_middle_of_sound_are_no_music_file() -> None:
    for start in (b"\xff\xfb\x90\x00", b"\xff\xf1\x50\x80\x02\x1f\xfc"):
        noise = start + tone(1000)
        assert sniff(noise, len(noise), name="a.pcm").mime == "audio/L16"


def test_the_office_document_is_found_even_when_its_name_stands_at_the_end_only() -> None:
    whole = _docx()
    sniffed = sniff(whole[:40], len(whole), tail=whole[40:])
    assert sniffed.extension == "docx"


def test_chinese_in_gb18030_is_read_and_noise_is_not() -> None:
    assert charset_of("第五级台阶的胶带".encode("gb18030"), whole=True) == "gb18030"
    assert charset_of("完播率 97%".encode(), whole=True) == "utf-8"
    assert charset_of("长夜".encode("utf-16"), whole=True) == "utf-16"
    assert charset_of("naïve façade, a café".encode("cp1252"), whole=True) == "unknown-8bit"
    assert charset_of("naïve façade".encode("cp1252"), whole=True) == "unknown-8bit"
    assert charset_of(bytes(range(1, 256)), whole=True) is None
    assert charset_of(b"", whole=True) is None


def test_a_character_cut_by_the_end_of_the_head_is_no_damage() -> None:
    cut = ("长" * 50).encode()[:-1]
    assert charset_of(cut, whole=False) == "utf-8"
    assert charset_of(cut, whole=True) != "utf-8"


def test_names_that_mean_the_same_agree_and_others_do_not() -> None:
    jpeg, text = sniff(photo(), 9999), sniff(b"text", 4)
    for name in ("a.jpg", "A.JPEG", "a.jfif", "a", "a.unheard-of", ".jpg"):
        assert agrees(name, jpeg), name
    for name in ("a.png", "a.txt", "a.wav", "a.pdf"):
        assert not agrees(name, jpeg), name
    assert agrees("a.md", text)
    assert not agrees("a.jpg", text)
