"""What is looked after while a microphone is live, second by second."""

from __future__ import annotations

from fieldlog.media.sound.recorded import Gap
from fieldlog.services.memo.watch import USUAL, Said, Watch

TENTH = 0.1


class Scene:
    """A microphone that delivers a tenth of a second of sound at a time, and the watch over it."""

    def __init__(self) -> None:
        self.clock, self.seconds = 0.0, 0.0
        self.watch = Watch(USUAL, 0.0)
        self.said: list[Said] = []
        self.gaps: dict[tuple[str, float], float] = {}

    def sounds(self, seconds: float, *, silent: bool = False, pace: float = 1.0) -> None:
        for _ in range(round(seconds / TENTH)):
            self.clock += TENTH / pace
            self.seconds += TENTH
            silent_since = self.seconds - TENTH if silent else None
            self.take(self.watch.heard(self.clock, self.seconds, silent_since=silent_since))
            self.take(self.watch.look(self.clock, self.seconds))

    def nothing_comes(self, seconds: float) -> None:
        for _ in range(round(seconds / TENTH)):
            self.clock += TENTH
            self.take(self.watch.look(self.clock, self.seconds))

    @property
    def warning(self) -> str:
        return self.watch.warning

    def take(self, said: Said) -> None:
        for gap in said.none:
            self.gaps.pop(place(gap), None)
        for gap in said.gaps:
            self.gaps[place(gap)] = round(gap.missing, 1)


def place(gap: Gap) -> tuple[str, float]:
    return gap.kind, round(gap.at_seconds, 1)


def test_a_microphone_that_works_is_left_in_peace() -> None:
    scene = Scene()
    scene.sounds(60)
    scene.nothing_comes(1.5)
    scene.sounds(2.8, silent=True)
    scene.sounds(1)
    assert (scene.warning, scene.gaps) == ("", {})


def test_no_chunk_for_two_seconds_is_told_then_and_how_long_it_was_is_kept() -> None:
    scene = Scene()
    scene.sounds(5)
    scene.nothing_comes(1.9)
    assert scene.warning == ""
    scene.nothing_comes(0.3)
    assert scene.warning == "no-sound"
    assert list(scene.gaps) == [("no-sound", 5.0)]
    scene.nothing_comes(4)
    scene.sounds(3)
    assert (scene.warning, scene.gaps) == ("", {("no-sound", 5.0): 6.2})


def test_sound_that_was_only_late_is_no_gap() -> None:
    scene = Scene()
    scene.sounds(5)
    scene.nothing_comes(3)
    scene.sounds(3, pace=1e6)
    scene.sounds(2)
    assert (scene.warning, scene.gaps) == ("", {})


def test_a_microphone_that_never_comes_is_told_too() -> None:
    scene = Scene()
    scene.nothing_comes(2.1)
    assert scene.warning == "no-sound"


def test_exact_silence_is_told_after_three_seconds_and_kept_with_its_length() -> None:
    scene = Scene()
    scene.sounds(10)
    scene.sounds(2.9, silent=True)
    assert scene.warning == ""
    scene.sounds(0.2, silent=True)
    assert (scene.warning, scene.gaps) == ("silence", {("silence", 10.0): 3.1})
    scene.sounds(20, silent=True)
    scene.sounds(0.1)
    assert scene.warning == ""
    assert scene.gaps[("silence", 10.0)] == 23.2


def test_what_is_under_way_when_the_microphone_stops_is_counted() -> None:
    scene = Scene()
    scene.sounds(4, silent=True)
    scene.take(scene.watch.end(scene.clock, scene.seconds))
    assert scene.gaps == {("silence", 0.0): 4.0}
    other = Scene()
    other.sounds(1)
    other.nothing_comes(2.5)
    other.take(other.watch.end(other.clock, other.seconds))
    assert other.gaps == {("no-sound", 1.0): 2.5}


def test_after_a_pause_nothing_is_held_against_the_microphone() -> None:
    scene = Scene()
    scene.sounds(2)
    scene.clock += 60
    scene.watch.begin(scene.clock, scene.seconds)
    scene.nothing_comes(1.9)
    assert scene.warning == ""


def test_where_the_sound_turns_out_longer_what_is_under_way_is_in_its_place() -> None:
    scene = Scene()
    scene.sounds(2)
    scene.sounds(4, silent=True)
    scene.watch.stretch(2)
    scene.gaps.clear()
    scene.take(scene.watch.end(scene.clock, 12))
    assert scene.gaps == {("silence", 4.0): 8.0}
    other = Scene()
    other.sounds(1)
    other.nothing_comes(2.5)
    other.watch.stretch(2)
    other.gaps.clear()
    other.take(other.watch.end(other.clock, 2))
    assert other.gaps == {("no-sound", 2.0): 2.5}
