"""What is leant on of aioquic beside what it documents. Its version is pinned, and tests hold each of these.

Each function says which fault it mends:

- its windows double with every byte that came in, whether anybody took it or not: `Sliding`
- it offers WebTransport in the oldest way alone, which Safari does not take: `Http3`
- it remembers every WebTransport stream for as long as the connection lasts: `Http3.let_go`
- it does not say how much of what is to be sent is still unsent, and what a stream still takes: `unsent`,
  `can_send`, `cut`
- it says that a connection has ended only when the last packet of it would have come: `is_closing`
"""

from __future__ import annotations

from collections.abc import Callable

from aioquic.h3.connection import ErrorCode, H3Connection
from aioquic.quic.connection import Limit, QuicConnection

MAX_SESSIONS = (0x14E9CD29, 0x2C7CF000, 0xC671706A)
"""The names of the setting "so many sessions" in the drafts that browsers speak."""


class Http3(H3Connection):
    """HTTP/3 that offers WebTransport to every browser that has it."""

    def __init__(self, quic: QuicConnection) -> None:
        super().__init__(quic, enable_webtransport=True)

    def _get_local_settings(self) -> dict[int, int]:
        return {**super()._get_local_settings(), **dict.fromkeys(MAX_SESSIONS, 1)}

    def let_go(self, stream_id: int) -> None:
        """A stream is over; nothing more is heard of it."""
        self._stream.pop(stream_id, None)


class Sliding(Limit):
    """How much a peer may send on a connection: `window()` bytes more than were taken. `waiting()` are the bytes
    that came in and nobody took yet."""

    def __init__(self, quic: QuicConnection, window: Callable[[], int], waiting: Callable[[], int]) -> None:
        self._quic, self._window, self._waiting = quic, window, waiting
        self._granted = 0
        before = quic._local_max_data
        super().__init__(before.frame_type, before.name, before.value)
        quic._local_max_data = self

    @property
    def value(self) -> int:
        window = self._window()
        most = self.used + window - self._waiting()
        if most - self._granted >= window // 4:
            self._granted = max(self._granted, most - _out_of_order(self._quic))
        return self._granted

    @value.setter
    def value(self, wanted: int) -> None:
        """What aioquic itself would grant is not heard, but for the beginning."""
        self._granted = self._granted or wanted


def _out_of_order(quic: QuicConnection) -> int:
    return sum(len(one.receiver._buffer) for one in quic._streams.values())


def unsent(quic: QuicConnection, stream_id: int) -> int:
    """Bytes of a stream that were given to be sent and are not known to have come; 0 where it is over."""
    stream = quic._streams.get(stream_id)
    return len(stream.sender._buffer) if stream is not None else 0


def can_send(quic: QuicConnection, stream_id: int) -> bool:
    """Whether a stream still takes bytes: not where it is over, or the other side wants no more."""
    stream = quic._streams.get(stream_id)
    return stream is not None and stream.sender._reset_error_code is None and stream.sender._buffer_fin is None


def is_closing(quic: QuicConnection) -> bool:
    """Whether one side has hung up; it may be a while until nothing more is expected of it."""
    return quic._close_event is not None


def cut(quic: QuicConnection, stream_id: int) -> None:
    """End both ways of a stream at once, as far as they are not over."""
    stream = quic._streams.get(stream_id)
    if stream is None:
        return
    if not stream.receiver.is_finished:
        quic.stop_stream(stream_id, ErrorCode.H3_REQUEST_CANCELLED)
    if can_send(quic, stream_id):
        quic.reset_stream(stream_id, ErrorCode.H3_INTERNAL_ERROR)
