"""Drawing in one window: strokes over a photo or an empty page, kept as a copy beside the original."""

from __future__ import annotations

from fieldlog.model.stroke import Point, Stroke
from fieldlog.services.entry.sketches import PAGE, Picture, Sketching
from fieldlog.ui.field.actions import FieldJourney
from fieldlog.ui.photo.state import Paper
from fieldlog.ui.window.journey import Journey
from fieldlog.ui.window.window import Window

PHOTO_INKS = ("#FFFFFF", "#F0861A", "#2F80ED")
PAGE_INKS = ("#10171A", "#D26A00", "#1E6FD9")
"""Three colours that are seen on a photo, and on white; none of them is the live red."""

STROKES_ACROSS = 130
"""A stroke is this many times narrower than the longer side."""

LEAST_MOVE = 0.002
"""Of the longer side: a finger that moved less has not moved."""


class Drawing(Journey):
    """What was drawn and not kept stays where it was drawn until the window is gone."""

    def __init__(self, window: Window, field: FieldJourney) -> None:
        super().__init__(window)
        self.field = field
        self.paper = Paper()
        self._left: dict[str, tuple[Stroke, ...]] = {}

    @property
    def inks(self) -> tuple[str, ...]:
        return PHOTO_INKS if self.paper.photo else PAGE_INKS

    def on_photo(self, entry: str, photo: Picture) -> None:
        """Draw on a copy of a photo."""
        side = max(photo.width, photo.height)
        size = (photo.width, photo.height) if side else PAGE
        self._lay(entry, photo.id, photo.sha256, size)

    def on_page(self) -> None:
        """Draw on an empty page."""
        self._lay("", "", "", PAGE)

    def _lay(self, entry: str, photo: str, sha256: str, size: tuple[int, int]) -> None:
        paper = self.paper
        if paper.strokes:
            self._left[paper.photo] = paper.strokes
        paper.entry, paper.photo, paper.sha256, paper.size = entry, photo, sha256, size
        paper.strokes, paper.past, paper.going = self._left.pop(photo, ()), (), ()
        paper.colour = self.inks[1]
        self.window.open_sheet("sketch")

    def start(self, at: Point) -> None:
        """The finger is down, in pixels of the picture."""
        self.paper.going = (at,)

    def move(self, to: Point) -> None:
        going, least = self.paper.going, max(self.paper.size) * LEAST_MOVE
        if not going or max(abs(to[0] - going[-1][0]), abs(to[1] - going[-1][1])) >= least:
            self.paper.going = (*going, to)

    def end(self) -> None:
        """The finger is up: what it drew is a stroke."""
        paper = self.paper
        if paper.going:
            width = max(paper.size) / STROKES_ACROSS
            self._draw((*paper.strokes, Stroke(colour=paper.colour, width=width, points=paper.going)))
        paper.going = ()

    def clear(self) -> None:
        if self.paper.strokes:
            self._draw(())

    def _draw(self, strokes: tuple[Stroke, ...]) -> None:
        self.paper.past = (*self.paper.past, self.paper.strokes)
        self.paper.strokes = strokes

    def undo(self) -> None:
        """Take back the last stroke, or the clearing."""
        paper = self.paper
        if paper.past:
            paper.strokes, paper.past = paper.past[-1], paper.past[:-1]
        else:
            paper.strokes = paper.strokes[:-1]

    async def keep(self) -> None:
        """Keep what is drawn; for ten seconds it can be taken back."""
        window, paper = self.window, self.paper
        work, capture = self.work, self.capture
        if not paper.strokes:
            return
        sketching = Sketching(work)
        if paper.photo:
            made: object = await window.run(sketching.mark(paper.entry, paper.photo, paper.strokes, paper.size))
        else:
            chips = self.field.chips_for_file()
            made = await window.run(sketching.page(capture, paper.strokes, paper.size, chips))
        if made is None:
            return
        if not paper.photo:
            self.field.used_by_file()
        paper.strokes, paper.past = (), ()
        await window.touch.light()
        window.close_sheet()
