"""No character is lost or doubled, however slowly words travel between a field and us."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from fieldlog.ui.field.field_text import Typing


@dataclass
class Desk:
    """A field at the far end of a slow line: each way keeps its order."""

    typing: Typing = field(default_factory=Typing)
    shown: str = ""
    to_us: deque[str] = field(default_factory=deque)
    to_field: deque[str] = field(default_factory=deque)
    sent: list[str] = field(default_factory=list)

    def type(self, char: str) -> None:
        self.shown += char
        self.to_us.append(self.shown)

    def deliver_to_us(self) -> None:
        if self.to_us and self.typing.hear(self.to_us.popleft()):
            self.to_field.append(self.typing.text)

    def deliver_to_field(self) -> None:
        if self.to_field:
            self.shown = self.to_field.popleft()

    def send(self) -> None:
        """The person taps send: what has been told by then is what is sent."""
        while self.to_us:
            self.deliver_to_us()
        if self.typing.text:
            self.sent.append(self.typing.text)
            self.typing.put("")
            self.to_field.append("")

    def quiet(self) -> None:
        """Everything arrives, and nothing happens for a while."""
        for _ in range(20):
            while self.to_us or self.to_field:
                self.deliver_to_field()
                self.deliver_to_us()
            if self.typing.settle():
                self.to_field.append(self.typing.text)


def test_what_is_typed_is_the_text() -> None:
    desk = Desk()
    for char in "灯还没好":
        desk.type(char)
        desk.deliver_to_us()
    assert desk.typing.text == "灯还没好"


def test_what_is_typed_while_the_sent_text_still_stands_there_is_the_next_note() -> None:
    desk = Desk()
    desk.type("a")
    desk.type("b")
    desk.send()
    desk.type("c")
    desk.deliver_to_us()
    assert desk.typing.text == "c"
    desk.deliver_to_field()
    assert desk.shown == ""
    desk.type("d")
    desk.deliver_to_us()
    desk.deliver_to_field()
    assert (desk.typing.text, desk.shown) == ("cd", "cd")


def test_a_note_that_begins_like_the_last_one_is_whole() -> None:
    desk = Desk()
    for char in "ok":
        desk.type(char)
    desk.send()
    desk.deliver_to_field()
    desk.type("o")
    desk.quiet()
    assert desk.typing.text == "o"


def test_the_old_text_deleted_too_late_is_no_new_note() -> None:
    typing = Typing()
    typing.hear("abc")
    typing.put("")
    typing.hear("ab")
    assert typing.text == ""
    assert not typing.hear("x")
    assert typing.text == "x"


STEPS = st.lists(st.sampled_from(["type", "to us", "to field", "to us", "to field", "send", "quiet"]), max_size=40)


@given(STEPS, st.data())
def test_no_character_is_lost_or_doubled(steps: list[str], data: st.DataObject) -> None:
    """Every character differs, so that whatever is lost, doubled or out of order is seen."""
    desk, fresh = Desk(), iter(map(chr, range(0x4E00, 0x9FFF)))
    typed = ""
    for step in steps:
        if step == "type":
            char = next(fresh)
            typed += char
            desk.type(char)
        elif step == "send":
            # A second sending is never faster than the field's answer to the first.
            desk.quiet()
            desk.send()
        else:
            {"to us": desk.deliver_to_us, "to field": desk.deliver_to_field, "quiet": desk.quiet}[step]()
    desk.quiet()
    assert "".join(desk.sent) + desk.typing.text == typed
    assert desk.shown == desk.typing.text
