"""Which of the eight groups a department belongs to."""

from __future__ import annotations

import json

import pytest

from fieldlog.model.called import DEPARTMENTS
from fieldlog.model.departments import GROUPS, group_of, key_of
from tests.month.scaled import BASE


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("production", "production"), ("Direction", "direction"), ("script", "script"), ("lighting", "camera"),
        ("Sound", "camera"), ("makeup", "costume"), ("Make-up & costume", "costume"), ("cast", "cast"),
        ("platform", "data"), ("data", "data"), ("Post-production", "post"), ("post production", "post"),
        ("摄影组", "camera"), ("灯光 / 录音", "camera"), ("服装部", "costume"), ("制片部门", "production"),
        ("导演组", "direction"), ("编剧", "script"), ("演员", "cast"), ("运营", "data"), ("后期", "post"),
    ],
)  # fmt: skip
def test_a_department_is_known_as_crew_lists_write_it(written: str, group: str) -> None:
    assert group_of(written) == group


@pytest.mark.parametrize("written", ["", None, "catering", "美术组", "Production design", "组"])
def test_what_nobody_knows_has_no_group(written: str | None) -> None:
    assert group_of(written) == ""


def test_the_study_says_it_otherwise_and_comes_first() -> None:
    table = {key_of(" Art  Dept "): "costume", key_of("Sound"): "post"}
    assert group_of("art dept", table) == "costume"
    assert group_of("sound", table) == "post"
    assert group_of("camera", table) == "camera"


def test_a_group_from_a_later_version_is_no_group_here() -> None:
    assert group_of("sound", {"sound": "a ninth"}) == "camera"


def test_every_department_of_the_sample_month_has_a_group_and_every_group_a_word() -> None:
    people = json.loads(BASE.read_text("utf-8"))["people"]
    assert {group_of(one["dept"]) for one in people} == set(GROUPS)
    assert tuple(DEPARTMENTS) == GROUPS
