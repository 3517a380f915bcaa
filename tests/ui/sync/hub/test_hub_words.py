"""A hub and its devices in words, without a screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fieldlog.model.moment import iso
from fieldlog.services.hub.record import PairedDevice
from fieldlog.ui.sync.hub.views import left_words, paired_rows, reached_words
from fieldlog.ui.words.words import Words

EN, ZH = Words("en"), Words("zh")
NOW = datetime(2025, 3, 16, 12, 0, tzinfo=UTC)
AT_HOME = ["192.168.1.9:47315", "[fd00::2]:47315"]


def device(number: int, *, met: str = "", key: str = "k") -> PairedDevice:
    return PairedDevice(id=f"d{number}", name=f"Phone {number}", key=key, since=iso(NOW), met=met)


def test_each_device_says_when_it_was_here_and_those_let_in_no_more_come_last() -> None:
    met = iso(NOW - timedelta(minutes=5))
    rows = paired_rows([device(3, key=""), device(2), device(1, met=met)], NOW, "UTC", EN)
    assert [(row.name, row.told, row.revoked) for row in rows] == [
        ("Phone 1", "here 5 min ago", False),
        ("Phone 2", "paired, and not here since", False),
        ("Phone 3", "its key was taken back: it is not let in", True),
    ]


def test_a_day_ago_has_its_date() -> None:
    [row] = paired_rows([device(1, met=iso(NOW - timedelta(days=1)))], NOW, "UTC", EN)
    assert row.told == "here last Sat 15 Mar 12:00"


def test_a_firewall_is_named_until_a_device_has_come() -> None:
    assert "firewall" in " ".join(reached_words(AT_HOME, EN, moved=False, met=False))
    assert reached_words(AT_HOME, EN, moved=False, met=True) == ("It is reached at 192.168.1.9:47315.",)


def test_another_port_means_that_devices_must_read_a_new_code() -> None:
    assert "read a new code" in " ".join(reached_words(AT_HOME, EN, moved=True, met=True))


def test_without_a_network_that_alone_is_said() -> None:
    assert reached_words(["127.0.0.1:47315"], EN, moved=True, met=False) == (
        "This laptop is in no network. Join a Wi-Fi, or a phone’s own hotspot.",
    )


@pytest.mark.parametrize(("seconds", "minutes"), [(600, 10), (599, 10), (541, 10), (540, 9), (20, 1), (0, 1)])
def test_a_code_tells_its_minutes(seconds: int, minutes: int) -> None:
    said = left_words(NOW + timedelta(seconds=seconds), NOW, EN)
    assert said == f"good for {minutes} min, for one device"


def test_no_code_tells_nothing() -> None:
    assert left_words(None, NOW, EN) == ""


def test_in_chinese_too() -> None:
    assert left_words(NOW + timedelta(minutes=9), NOW, ZH) == "9 分钟内有效，限一台设备"
