"""`fieldlog find` understands the words that Find understands on screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import fieldlog, rows, started


@pytest.fixture
def notes(data: Path) -> Path:
    for text, kind in (("rain on the set", "ON"), ("rain, once more", "TN"), ("還在開拍 snow", "TN")):
        fieldlog(data, "log", text, "--type", kind, "--at", "2025-03-16T22:05")
    return data


def found(data: Path, *words: str) -> set[object]:
    return {row["text"] for row in rows(fieldlog(data, "find", *words, "--json"))}


SET, MORE, SNOW = "rain on the set", "rain, once more", "還在開拍 snow"


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (["rain"], {SET, MORE}),
        (["rain", "set"], {SET}),
        (["once more"], {MORE}),
        (["more once"], set()),
        (["rain", "-set"], {MORE}),
        (["rain -set"], {MORE}),
        (["-rain"], {SNOW}),
        (["set", "OR", "snow"], {SET, SNOW}),
        (["(set OR snow) type:TN"], {SNOW}),
        (["type:ON,TN", "rain"], {SET, MORE}),
        (["类：TN", "-“once more”"], {SNOW}),
        (["time:22:00..22:10", "日：2025-03-16"], {SET, MORE, SNOW}),
        (["-is:raw"], set()),
        (["开拍"], set()),
        (["开拍", "--both-scripts"], {SNOW}),
        (["2025-03-16", "--in", "names"], set()),
        (["rain", "--in", "text"], {SET, MORE}),
        ([""], set()),
    ],
)
def test_the_terminal_understands_what_find_does(notes: Path, words: list[str], texts: set[str]) -> None:
    assert found(notes, *words) == texts


def test_a_value_that_nobody_knows_is_said_beside_what_was_found(notes: Path) -> None:
    ran = fieldlog(notes, "find", "rain", "person:P99")
    assert (ran.returncode, ran.stdout) == (0, "0 entries\n")
    assert ran.stderr == "person:P99 is not known in this study.\n"
    ran = fieldlog(notes, "find", "人：P99", "--json", lang="zh")
    assert (ran.stdout, ran.stderr) == ("", "这个研究里没有 人:P99。\n")


def test_why_an_entry_was_found_stands_under_its_text(data: Path) -> None:
    fieldlog(data, "log", "the lamp is moved", "--scene", "342")
    assert "\nthe lamp is moved\nscene: 34-2\n" in started(data, "find", "34-2").stdout
    assert "\nthe lamp is moved\n场次：34-2\n" in fieldlog(data, "find", "34-2", lang="zh").stdout
    (row,) = rows(fieldlog(data, "find", "34-2", "--json"))
    assert row["why"] == ["scene: 34-2"]
    assert "scene" not in fieldlog(data, "find", "lamp").stdout.split("\n", 1)[1]
