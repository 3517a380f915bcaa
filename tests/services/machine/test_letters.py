"""Text as people's machines write it: read as what it is, or refused; nothing is read half."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.machine.letters import decoded

SET = "text,at\n灯还没好，导演说再等等,2025-03-16 10:00\n"


@pytest.mark.parametrize(
    "coding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_chinese_note_is_read_whatever_wrote_it(coding: str) -> None:
    assert decoded(SET.encode(coding)) == SET
    assert decoded("灯还没好\n".encode(coding)) == "灯还没好\n"


@pytest.mark.parametrize(
    ("coding", "said"),
    [
        ("cp1252", "café"),
        ("cp1252", "Le régisseur dit: « ça va »\n"),
        ("big5", "今天下雨，導演說我們明天再拍。"),
        ("shift_jis", "今日は雨です。監督は明日と言った。"),
        ("euc-kr", "오늘은 비가 왔다. 감독이 내일 찍자고 했다."),
        ("cp1251", "Сегодня дождь, снимаем завтра в десять"),
    ],
)
def test_a_guests_notes_are_read_in_their_own_letters(coding: str, said: str) -> None:
    assert decoded(said.encode(coding)) == said


def test_a_second_mark_is_no_letter() -> None:
    assert decoded("\ufeff\ufefftext,at\n".encode()) == "text,at\n"
    assert decoded(b"") == ""


@pytest.mark.parametrize(
    "data", [b"a\x00b", b"\x00", b"\xff\xfe\x00", b"\xef\xbb\xbf\xff", b"\x81\x00\x81", b"rolex\x00"]
)
def test_what_no_letters_are_is_refused(data: bytes) -> None:
    with pytest.raises(NotUnderstood):
        decoded(data)


@given(some.binary(max_size=200))
def test_nothing_is_replaced_and_no_nul_comes_in(data: bytes) -> None:
    try:
        text = decoded(data)
    except NotUnderstood:
        return
    assert "\0" not in text
    assert "\ufffd" not in text or b"\xfd" in data or "\ufffd".encode("gb18030") in data


@given(some.text(some.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_what_was_written_in_utf8_is_read_as_it_was(said: str) -> None:
    assert decoded(said.encode()) == said
