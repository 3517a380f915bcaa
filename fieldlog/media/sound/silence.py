"""A recording with a stretch of it silent: as long as it was, so that every moment stays where it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fieldlog.media.reading import Readable, pieces
from fieldlog.media.sound.peaks import Peaks
from fieldlog.media.sound.wav import WavPlan, header
from fieldlog.model.errors import NotUnderstood


class Silenced:
    """The sound of a plan as a whole WAV, exactly silent from one frame up to another; a source for the vault.

    Must be read while `readable` is open. When it was read, `peaks` are those of what came out. Raises
    `NotUnderstood` for sound in which zeros are not silence.
    """

    def __init__(self, name: str, readable: Readable, plan: WavPlan, first_frame: int, end_frame: int) -> None:
        if not plan.is_pcm16:
            raise NotUnderstood("Only of 16-bit recordings can a part be erased. Erase this one whole.")
        self.name, self._readable, self._plan = name, readable, plan
        self._first, self._end = first_frame * plan.frame_bytes, end_frame * plan.frame_bytes
        self._peaks = Peaks(plan.rate, plan.channels)

    async def chunks(self) -> AsyncIterator[bytes]:
        plan, at, rest = self._plan, 0, b""
        yield header(plan.fmt, plan.data_bytes)
        for piece in pieces(self._readable, plan.data_at, plan.data_bytes):
            data = self._silenced(piece, at)
            at += len(data)
            heard = rest + data
            whole = len(heard) - len(heard) % plan.frame_bytes
            self._peaks.add(heard[:whole])
            rest = heard[whole:]
            yield data
            # A recording is long; others want to go on meanwhile.
            await asyncio.sleep(0)

    @property
    def peaks(self) -> bytes:
        return self._peaks.all()

    def _silenced(self, piece: bytes, at: int) -> bytes:
        first, end = max(0, self._first - at), min(len(piece), self._end - at)
        return piece[:first] + bytes(end - first) + piece[end:] if first < end else piece
