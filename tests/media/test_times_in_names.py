"""Times in file names, as phones, recorders and chats write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldlog.media.times import in_order
from fieldlog.media.times_in_names import named_times
from fieldlog.model.gate import FIRST_YEAR, LAST_YEAR

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SAME = "2025-03-16T16:05:12+08:00"


def first(name: str) -> tuple[str, str] | None:
    """What counts first, in Shanghai."""
    for when in in_order(named_times(name), NOW):
        if not when.suspect:
            return when.at("Asia/Shanghai").isoformat(), when.precision
    return None


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20250316_160512.jpg", "IMG20250316160512.jpg", "VID_20250316_160512.mp4", "20250316_160512.jpg",
        "MVIMG_20250316_160512.jpg", "IMG_20250316_160512_123.jpg", "IMG_20250316_160512~2.jpg",
        "Screenshot_20250316-160512_WeChat.jpg", "Screenshot_2025-03-16-16-05-12-123_com.tencent.mm.jpg",
        "Screenshot 2025-03-16 at 4.05.12\u202fPM.png", "Screen Shot 2025-03-16 at 16.05.12.png",
        "截屏2025-03-16 16.05.12.png", "截屏2025-03-16 下午4.05.12.png", "屏幕截图 2025-03-16 160512.png",
        "photo 2025-03-16 at 16.05.12.jpg", "2025-03-16 16.05.12.jpg", "2025年3月16日 16时05分12.jpg",
        "录音_20250316_160512.m4a", "Recording 2025-03-16 04-05-12 PM.m4a", "20250316 160512-5E0D1B7F.m4a",
        "DJI_20250316160512_0001_D.JPG", "2025_03_16_16_05_12.wav", "2025-03-16T16-05-12.mkv",
        "20250316T160512+0800.wav", "scene 34-2 IMG_20250316_160512.jpg",
    ],
)  # fmt: skip
def test_a_camera_or_a_recorder_names_its_file_for_the_second_it_was_made(name: str) -> None:
    assert first(name) == (SAME, "exact")


@pytest.mark.parametrize("name", ["PXL_20250316_080512000.jpg", "PXL_20250316_080512000.MP.jpg"])
def test_a_pixel_phone_counts_in_utc(name: str) -> None:
    assert first(name) == (SAME, "exact")


def test_thousandths_behind_the_second_are_kept() -> None:
    assert first("PXL_20250316_080512123.jpg") == ("2025-03-16T16:05:12.123000+08:00", "exact")
    assert first("00000IMG_00000_BURST20250316160512123_COVER.jpg") == (
        "2025-03-16T16:05:12.123000+08:00",
        "exact",
    )


@pytest.mark.parametrize(
    "name",
    [
        "mmexport1742112312000.jpg", "wx_camera_1742112312000.jpg", "FB_IMG_1742112312000.jpg",
        "微信图片_20250316160512.jpg", "微信视频20250316160512.mp4", "QQ图片20250316160512.jpg",
        "signal-2025-03-16-160512.jpg", "photo_2025-03-16_16-05-12 (2).jpg",
        "WhatsApp Image 2025-03-16 at 16.05.12.jpeg", "WhatsApp Ptt 2025-03-16 at 4.05.12 PM.ogg",
    ],
)  # fmt: skip
def test_a_chat_names_a_file_for_when_it_was_saved_so_the_time_is_known_only_about(name: str) -> None:
    assert first(name) == (SAME, "about")


def test_a_recorder_that_leaves_out_the_century_is_understood_and_believed_about() -> None:
    assert first("Voice 250316_160512.m4a") == first("250316-160512.wav") == (SAME, "about")


def test_a_zone_in_the_name_counts() -> None:
    assert first("2025-03-16T08:05:12Z.wav") == ("2025-03-16T08:05:12+00:00", "exact")


@pytest.mark.parametrize(
    "name", ["2025-03-16 16.05.jpg", "2025年3月16日 下午4:05.jpg", "2025-03-16 16h05 roof.wav"]
)
def test_a_name_may_tell_the_minute_alone(name: str) -> None:
    assert first(name) == ("2025-03-16T16:05:00+08:00", "minute")


@pytest.mark.parametrize(
    ("name", "hour"),
    [("Shot 2025-03-16 at 12.05.12 AM.png", "00"), ("Shot 2025-03-16 at 12.05.12 PM.png", "12"),
     ("截屏2025-03-16 上午12.05.12.png", "00"), ("截屏2025-03-16 上午9.05.12.png", "09")],
)  # fmt: skip
def test_noon_and_midnight_are_told_apart(name: str, hour: str) -> None:
    assert first(name) == (f"2025-03-16T{hour}:05:12+08:00", "exact")


def test_hour_24_is_the_first_hour_of_the_date_that_is_written_there() -> None:
    assert first("IMG_20250316_240819.jpg") == ("2025-03-16T00:08:19+08:00", "about")


@pytest.mark.parametrize(
    "name",
    [
        "IMG-20250316-WA0001.jpg", "PTT-20250316-WA0004.opus", "2025-03-16 call sheet.pdf",
        "通告单2025年3月16日.xlsx",
        "IMG_20250316_0001.jpg", "2025-03-16 34-22 take 3.wav", "2025-03-16 12-34 take 3.wav",
        "script 2025-03-16 1.02.pdf", "IMG_20250316_256112.jpg",
    ],
)  # fmt: skip
def test_a_day_alone_is_a_day_and_a_scene_or_a_counter_beside_it_is_no_hour(name: str) -> None:
    assert first(name) == ("2025-03-16T00:00:00+08:00", "day")


@pytest.mark.parametrize(
    "name",
    [
        "IMG_0001.HEIC", "scene 34-2 take 3.wav", "IMG_20251316_160512.jpg", "IMG_20250229_160512.jpg",
        "IMG_18991231_160512.jpg", "IMG_22010101_160512.jpg", "IMG_20520316_160512.jpg", "1742112312.jpg",
        "6901234567890.jpg", "9787302511625.jpg", "photo.jpg", "", "250316.wav", "12345678901234567890.jpg",
    ],
)  # fmt: skip
def test_what_can_not_be_is_no_time(name: str) -> None:
    assert first(name) is None


WORDS = "2025 20250316 03 16 160512 24 99 - _ . : T Z at PM 下午 年 月 日 IMG_ PXL_ mmexport 1742112312000 微信"
PARTS = st.sampled_from(WORDS.split())


@given(st.text(max_size=255) | st.lists(PARTS, max_size=30).map("".join))
def test_no_name_makes_the_reader_fall_or_tells_a_time_that_can_not_be(name: str) -> None:
    for when in in_order(named_times(name), NOW):
        assert FIRST_YEAR <= when.wall.year <= LAST_YEAR
        when.at("Asia/Shanghai")


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 12, 31)))  # noqa: DTZ001 (as on a wall)
def test_every_second_is_read_as_it_was_written(wall: datetime) -> None:
    wall = wall.replace(microsecond=0)
    for form in ("IMG_%Y%m%d_%H%M%S.jpg", "photo %Y-%m-%d at %H.%M.%S.jpg", "微信图片_%Y%m%d%H%M%S.jpg"):
        assert named_times(wall.strftime(form))[0].wall == wall
