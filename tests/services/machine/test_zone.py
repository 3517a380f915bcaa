"""Which zone is this machine in: told by a folder of the test's own, never by the machine the tests run on."""

from __future__ import annotations

import importlib
import shutil
import zoneinfo
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from fieldlog.services.machine.zone import Answers, zone_name

UNIX: Any = importlib.import_module("tzlocal.unix")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of a machine that has zones, and says nothing of its own yet."""
    monkeypatch.delenv("TZ", raising=False)
    for zone in ("Asia/Shanghai", "Etc/UTC", "posix/Europe/Berlin"):
        place = tmp_path / "usr/share/zoneinfo" / zone
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(files("tzdata.zoneinfo").joinpath(zone.removeprefix("posix/")).read_bytes())
    (tmp_path / "etc").mkdir()
    return tmp_path


def asking(root: Path) -> Callable[[], Answers]:
    """Asks `tzlocal` what lies under the root."""
    return lambda: (UNIX._get_localzone_name(str(root)), str(UNIX._get_localzone(str(root))))


def told(root: Path) -> str | None:
    return zone_name(str(root), asking(root))


def linked(root: Path, zone: str) -> None:
    (root / "etc/localtime").symlink_to(root / "usr/share/zoneinfo" / zone)


def test_a_laptop_in_shanghai_says_so(root: Path) -> None:
    linked(root, "Asia/Shanghai")
    assert told(root) == "Asia/Shanghai"


def test_a_machine_that_says_utc_is_utc(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linked(root, "Etc/UTC")
    assert told(root) == "Etc/UTC"
    monkeypatch.setenv("TZ", "UTC")
    assert told(root) == "UTC"


@pytest.mark.parametrize("tz", [":/etc/localtime", "/etc/localtime", "/usr/share/zoneinfo/Asia/Shanghai"])
def test_a_path_is_the_zone_it_leads_to(root: Path, monkeypatch: pytest.MonkeyPatch, tz: str) -> None:
    linked(root, "Asia/Shanghai")
    monkeypatch.setenv("TZ", tz)
    assert told(root) == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("tz", "zone"), [("PRC", "PRC"), (":Asia/Shanghai", "Asia/Shanghai"), ("Asia/Tokyo", "Asia/Tokyo")]
)
def test_a_name_is_a_zone_if_there_is_one(root: Path, monkeypatch: pytest.MonkeyPatch, tz: str, zone: str) -> None:
    monkeypatch.setenv("TZ", tz)
    assert told(root) == zone


@pytest.mark.parametrize("tz", ["CST-8", "Mars/Olympus", ":CST-8", "/etc/nothing", "/etc", "Asia", "<+08>-8"])
def test_a_rule_without_a_name_is_no_zone(root: Path, monkeypatch: pytest.MonkeyPatch, tz: str) -> None:
    linked(root, "Asia/Shanghai")
    monkeypatch.setenv("TZ", tz)
    assert told(root) is None


def test_a_link_to_a_variant_is_the_zone_other_machines_know(root: Path) -> None:
    linked(root, "posix/Europe/Berlin")
    assert told(root) == "Europe/Berlin"


def test_a_copied_file_tells_nothing(root: Path) -> None:
    shutil.copyfile(root / "usr/share/zoneinfo/Asia/Shanghai", root / "etc/localtime")
    assert told(root) is None
    (root / "etc/timezone").write_text("Asia/Shanghai\n")
    assert zone_name(str(root), asking(root)) == "Asia/Shanghai"


def test_a_machine_without_any_file_tells_nothing(root: Path) -> None:
    assert told(root) is None


def test_two_answers_are_none(root: Path) -> None:
    assert zone_name(str(root), lambda: ("Asia/Shanghai", "Asia/Tokyo")) is None
    assert zone_name(str(root), lambda: (None, "local")) is None


def test_what_is_warned_of_or_fails_is_not_known(root: Path) -> None:
    def fails() -> Answers:
        raise zoneinfo.ZoneInfoNotFoundError("Multiple conflicting time zone configurations found")

    assert zone_name(str(root), fails) is None
    linked(root, "Asia/Shanghai")
    (root / "etc/sysconfig").mkdir()
    (root / "etc/sysconfig/clock").write_text('ZONE="Europe/Berlin\n')
    assert told(root) is None


def test_travelling_is_noticed(root: Path) -> None:
    linked(root, "Asia/Shanghai")
    ask = asking(root)
    assert zone_name(str(root), ask) == "Asia/Shanghai"
    (root / "etc/localtime").unlink()
    linked(root, "Etc/UTC")
    assert zone_name(str(root), ask) == "Etc/UTC"
