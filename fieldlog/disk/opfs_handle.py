"""An open file in a browser: a sync access handle of the origin private file system.

Such a handle exists in dedicated workers only, and belongs to one tab at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from fieldlog.model.errors import DiskFull, FieldLogError, MissingFile, NotSaved, StoreBusy, WrongPlace
from fieldlog.model.sentence import Sentence

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js
    from pyodide.ffi import JsException, to_js


def options(**values: object) -> Any:
    """A plain JavaScript object."""
    return to_js(values, dict_converter=js.Object.fromEntries)


KINDS = (
    "InvalidModificationError",
    "NoModificationAllowedError",
    "NotFoundError",
    "QuotaExceededError",
    "TypeMismatchError",
)


def kind(error: JsException) -> str:
    """The browser's own name for what went wrong.

    Pyodide hides an exception without a stack, as some browsers throw them, in another one's words.
    """
    name: str = error.name
    return name if name in KINDS else next((known for known in KINDS if known in str(error)), name)


def not_written(error: JsException, path: str) -> FieldLogError:
    """The sentence for a refused change."""
    if kind(error) == "QuotaExceededError":
        return DiskFull()
    if kind(error) == "NoModificationAllowedError":
        return StoreBusy(path)
    if kind(error) == "TypeMismatchError":
        return WrongPlace(
            Sentence("Where {path} should lie, something else of that name is in the way.", path=path)
        )
    return NotSaved(
        Sentence(
            "this browser refused to write {path} ({what}). Everything saved before is safe.",
            path=path,
            what=kind(error),
        )
    )


def not_read(error: JsException, path: str) -> FieldLogError:
    """The sentence for something that can't be read."""
    if kind(error) in ("NotFoundError", "TypeMismatchError"):
        return MissingFile(path)
    if kind(error) == "NoModificationAllowedError":
        return StoreBusy(path)
    return FieldLogError(
        Sentence("This browser can't read {path} ({what}); nothing was changed.", path=path, what=kind(error))
    )


def write_all(access: Any, data: bytes, at: int) -> None:
    """Write through a sync access handle; a browser may take less than it was given."""
    buffer = to_js(data)
    where = options(at=at)
    written = access.write(buffer, where)
    while written < len(data):
        where.at = at + written
        more = access.write(buffer.subarray(written), where)
        if not more:
            raise DiskFull
        written += more


def read_all(access: Any, at: int, count: int) -> bytes:
    """Up to `count` bytes from `at` through a sync access handle."""
    count = min(count, access.getSize() - at)
    if count <= 0:
        return b""
    buffer = js.Uint8Array.new(count)
    found = access.read(buffer, options(at=at))
    content: bytes = buffer.subarray(0, found).to_bytes()
    return content


async def discard(folder: Any, name: str) -> None:
    """Remove a file if it is there."""
    try:
        await folder.removeEntry(name)
    except JsException as error:
        if kind(error) != "NotFoundError":
            raise


class OpfsHandle:
    """The same promises as on a laptop: once a flush or a repair has failed, it only reads."""

    def __init__(self, access: Any, path: str, *, writable: bool, let_go: Callable[[], None]) -> None:
        self._access = access
        self._path = path
        self._let_go = let_go
        self._closed = False
        self._refuses = None if writable else Sentence("{path} is open for reading only.", path=path)
        self._end: int = access.getSize()
        self._flushed = self._end

    def size(self) -> int:
        return self._end

    def read(self, at: int, count: int) -> bytes:
        try:
            return read_all(self._access, at, count)
        except JsException as error:
            raise not_read(error, self._path) from error

    def append(self, data: bytes) -> None:
        self._put(data, self._end)

    def write(self, data: bytes, at: int) -> None:
        if not 0 <= at <= self._end:
            raise ValueError(f"{self._path} has {self._end} bytes; a write at {at} would leave a hole.")
        self._put(data, at)

    def truncate(self, size: int) -> None:
        if self._refuses:
            raise NotSaved(self._refuses)
        if not 0 <= size <= self._end:
            raise ValueError(f"{self._path} has {self._end} bytes; it can't be cut to {size}.")
        try:
            self._access.truncate(size)
        except JsException as error:
            raise not_written(error, self._path) from error
        self._end = size
        self._flushed = min(self._flushed, size)

    def flush(self) -> None:
        if self._refuses:
            raise NotSaved(self._refuses)
        try:
            self._access.flush()
        except JsException as error:
            self._break()
            with suppress(JsException):
                self._access.truncate(self._flushed)
            raise not_written(error, self._path) from error
        self._flushed = self._end

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._refuses = Sentence("{path} was already closed.", path=self._path)
        self._access.close()
        self._let_go()

    def _put(self, data: bytes, at: int) -> None:
        if self._refuses:
            raise NotSaved(self._refuses)
        try:
            write_all(self._access, data, at)
        except DiskFull:
            self._cut_back()
            raise
        except JsException as error:
            self._cut_back()
            raise not_written(error, self._path) from error
        self._end = max(self._end, at + len(data))

    def _cut_back(self) -> None:
        """Drop what a failed write left behind the last good byte."""
        try:
            self._access.truncate(self._end)
            self._access.flush()
        except JsException:
            self._break()
        else:
            self._flushed = self._end

    def _break(self) -> None:
        self._refuses = Sentence(
            "this browser failed while writing {path}. Close FieldLog, open it again, and try again.",
            path=self._path,
        )


class OpfsLock:
    """An open handle on the lock file: the browser lets no other tab have one, and ends it with this one."""

    def __init__(self, access: Any) -> None:
        self._access = access

    def release(self) -> None:
        self._access.close()
