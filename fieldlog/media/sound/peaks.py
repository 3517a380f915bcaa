"""Waveforms: one byte for every 100 ms of sound, the loudest sample in it. Pure Python.

0 is exact digital silence (a dead microphone), anything else at least 1, full scale 255. An hour is
36 kB. Where there are several channels the loudest counts.
"""

from __future__ import annotations

import sys
from array import array

from fieldlog.media.reading import Readable, pieces
from fieldlog.media.sound.wav import WavPlan
from fieldlog.model.errors import NotUnderstood

PEAKS_PER_SECOND = 10


class Peaks:
    """Collects peaks while PCM16 (little-endian, interleaved) arrives in whole frames.

    Block k ends at frame (k + 1) * rate // 10, so the k-th byte is the sound at k / 10 seconds at
    any rate, however long it lasts.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._rate, self._channels = rate, channels
        self._done = bytearray()
        self._loudest = 0
        self._frames = 0

    def add(self, pcm: bytes) -> None:
        """Take in whole frames."""
        samples, at = samples_of(pcm), 0
        while at < len(samples):
            ends = (len(self._done) + 1) * self._rate // PEAKS_PER_SECOND
            block = samples[at : at + (ends - self._frames) * self._channels]
            loudest = max(block), -min(block)
            self._loudest = max(self._loudest, *loudest)
            self._frames += len(block) // self._channels
            at += len(block)
            if self._frames == ends:
                self._done.append(_byte(self._loudest))
                self._loudest = 0

    @property
    def latest(self) -> int:
        """The last whole 100 ms, or what there is of the first."""
        return self._done[-1] if self._done else _byte(self._loudest)

    def all(self) -> bytes:
        """The peaks so far, the unfinished last block included."""
        begun = self._frames > len(self._done) * self._rate // PEAKS_PER_SECOND
        return bytes(self._done) + (bytes([_byte(self._loudest)]) if begun else b"")


def samples_of(pcm: bytes) -> array[int]:
    """Little-endian PCM16 as whole numbers."""
    samples = array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def peaks_of(readable: Readable, plan: WavPlan) -> bytes:
    """The peaks of a WAV. Raises `NotUnderstood` where it is not 16-bit PCM."""
    if not plan.is_pcm16:
        raise NotUnderstood("Waveforms are drawn of 16-bit recordings only.")
    collecting, rest = Peaks(plan.rate, plan.channels), b""
    for piece in pieces(readable, plan.data_at, plan.data_bytes):
        data = rest + piece
        whole = len(data) - len(data) % plan.frame_bytes
        collecting.add(data[:whole])
        rest = data[whole:]
    return collecting.all()


def _byte(loudest: int) -> int:
    return min(255, (loudest + 127) >> 7)
