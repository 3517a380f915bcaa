"""How long compressed sound is, without decoding it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.reading import Held
from fieldlog.media.sound.lengths import length_of
from fieldlog.media.verdict import examine
from tests.fakes.made import Counted, riff, sine

KINDS = {
    "memo.ogg": ("libvorbis",), "memo.opus": ("libopus",), "memo.flac": ("flac",), "memo.aac": ("aac",),
    "memo.mp3": ("libmp3lame",), "constant.mp3": ("libmp3lame", "-write_xing", "0", "-id3v2_version", "0"),
    "slow.mp3": ("libmp3lame", "-ar", "16000"), "varied.mp3": ("libmp3lame", "-q:a", "5"), "memo.m4a": ("aac",),
}  # fmt: skip
SECONDS = 7.3


@pytest.fixture(scope="session")
def encoded(tmp_path_factory: pytest.TempPathFactory, tool: Callable[[str], Path]) -> Path:
    """One memo in every kind that people send."""
    folder = tmp_path_factory.mktemp("encoded")
    (folder / "memo.wav").write_bytes(riff(sine(int(SECONDS * 44_100)), rate=44_100))
    for name, (codec, *more) in KINDS.items():
        asked: list[str | Path] = [
            tool("ffmpeg"),
            "-v",
            "error",
            "-i",
            folder / "memo.wav",
            "-c:a",
            codec,
            *more,
            folder / name,
        ]
        subprocess.run(asked, check=True)
    return folder


@pytest.mark.parametrize("name", KINDS)
def test_a_recording_of_any_kind_has_its_length(name: str, encoded: Path) -> None:
    found = examine(name, Held((encoded / name).read_bytes()))
    assert (found.verdict, found.family) == ("ok", "audio")
    assert found.seconds == pytest.approx(SECONDS, abs=0.15)


def test_a_voice_message_in_amr_has_its_length() -> None:
    speech, silence = b"\x3c" + bytes(31), b"\x44" + bytes(5)
    found = examine("msg.amr", Held(b"#!AMR\n" + 100 * speech + 50 * silence))
    assert found.seconds == pytest.approx(3.0)


@given(
    st.sampled_from(list(KINDS)), st.lists(st.tuples(st.integers(0, 1 << 17), st.binary(min_size=1, max_size=6)))
)
def test_no_damage_makes_the_reader_fall(encoded: Path, name: str, damages: list[tuple[int, bytes]]) -> None:
    data = (encoded / name).read_bytes()
    for at, wrong in damages:
        at %= len(data)
        data = data[:at] + wrong + data[at + len(wrong) :]
    assert (examine(name, Held(data)).seconds or 0) >= 0


@given(
    st.binary(max_size=400), st.sampled_from(["audio/ogg", "audio/flac", "audio/mpeg", "audio/aac", "audio/amr"])
)
def test_noise_has_no_length_or_one(noise: bytes, mime: str) -> None:
    for begins in (
        b"",
        b"OggS\0\2" + bytes(20) + b"OpusHead",
        b"fLaC",
        b"ID3\4\0\0\0\0\0\1",
        b"\xff\xf1\x50",
        b"#!AMR\n",
    ):
        counted = Counted(begins + noise)
        assert (length_of(counted, mime) or 0) >= 0
        assert counted.reads < 10
