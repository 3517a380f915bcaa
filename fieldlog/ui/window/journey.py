"""What every journey has: its window, the words of it, the study that is open."""

from __future__ import annotations

from fieldlog.model.records import StoredSession
from fieldlog.services.capture.capture import Capture
from fieldlog.services.study.workspace import Workspace
from fieldlog.ui.window.window import Window
from fieldlog.ui.words.words import Words


class Journey:
    """What a person does in one window, of one kind: made once a window, by `Journeys`.

    What a journey wants of another one it is given when it is made.
    """

    def __init__(self, window: Window) -> None:
        self.window = window

    @property
    def words(self) -> Words:
        return self.window.words

    @property
    def work(self) -> Workspace:
        """The open study. Raises `NotFound` where there has been none yet."""
        return self.window.work

    @property
    def capture(self) -> Capture:
        return self.window.capture

    @property
    def session(self) -> StoredSession | None:
        """The session that goes on; None where none does."""
        return self.work.store.state.read(StoredSession, self.capture.session_at(self.capture.now().at))
