"""What stands in the field, as far as it can be known from here: its owner types on while our words travel.

The field keeps its own text and tells it whole after every change. When we put another text into it, as
after sending, changes told before it arrived still speak of the old one, and what was typed meanwhile is
overwritten. `Typing` tells the two apart and gives back what would be lost.
"""

from __future__ import annotations


class Typing:
    """`put` what the field shall hold, `hear` what it says, `settle` when it has been quiet for a while.

    `text` is what the person means to be in the field. Where `hear` or `settle` say so, the field must be
    given `text` anew.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._shown = text
        self._before: str | None = None
        self._put = text
        self._ahead = ""
        self._unsure: str | None = None

    def put(self, text: str) -> None:
        """The field is being given this text."""
        self._before, self._put, self.text = self._shown, text, text
        self._ahead, self._unsure = "", None

    def hear(self, value: str) -> bool:
        """The field says that it holds this; whether it must be given `text` anew."""
        self._shown, self._unsure = value, None
        if self._before is None:
            self.text = value
        elif self._put and value.startswith(self._put):
            return self._arrived(value)
        elif self._before and value.startswith(self._before):
            self._ahead = value[len(self._before) :]
            self.text = self._put + self._ahead
        elif value and self._before.startswith(value):
            # The old text being deleted, or a new one that begins alike: the next change tells.
            self._unsure = value
        else:
            return self._arrived(value)
        return False

    def settle(self) -> bool:
        """Nothing was heard for a while, so what was put has arrived; whether `text` must be given anew."""
        if self._before is None:
            return False
        if self._unsure is not None:
            return self._arrived(self._unsure)
        self._shown = self._put
        if self._ahead:
            self.put(self._put + self._ahead)
            return True
        self._before = None
        return False

    def _arrived(self, value: str) -> bool:
        """The field holds what was put, and what was typed since."""
        self._before, ahead, self._ahead = None, self._ahead, ""
        if not ahead:
            self.text = value
            return False
        typed = value[len(self._put) :] if value.startswith(self._put) else value
        self.put(self._put + ahead + typed)
        return True
