"""What the operating systems do differently, and how their refusals read."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path

from fieldlog.model.errors import DiskFull, FieldLogError, MissingFile, NotSaved, WrongPlace
from fieldlog.model.reasons import reason
from fieldlog.model.sentence import Sentence

WINDOWS = sys.platform == "win32"
RENAME_TRIES = 50
RENAME_PAUSE_SECONDS = 0.01

READ_ONLY = os.O_RDONLY | getattr(os, "O_BINARY", 0)
READ_WRITE = os.O_RDWR | getattr(os, "O_BINARY", 0)

if sys.platform == "win32":
    import msvcrt

    def read_at(fd: int, count: int, at: int) -> bytes:
        os.lseek(fd, at, os.SEEK_SET)
        return os.read(fd, count)

    def write_at(fd: int, data: bytes | memoryview, at: int) -> int:
        os.lseek(fd, at, os.SEEK_SET)
        return os.write(fd, data)

    def lock_now(fd: int) -> None:
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    read_at = os.pread
    write_at = os.pwrite

    def lock_now(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


if sys.platform == "darwin":

    def flush_fd(fd: int) -> None:
        """Apple's fsync stops at the drive's cache; F_FULLFSYNC goes through, where the volume has it."""
        try:
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.EINVAL, errno.ENOTTY):
                raise
            os.fsync(fd)
else:
    flush_fd = os.fsync


def write_all(fd: int, data: bytes, at: int) -> None:
    written = write_at(fd, data, at)
    while written < len(data):
        more = write_at(fd, memoryview(data)[written:], at + written)
        if more == 0:
            raise OSError(errno.EIO, "nothing was written")
        written += more


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows can't; some network folders say so with EINVAL."""
    if WINDOWS:
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        flush_fd(fd)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(fd)


def rename(source: Path, target: Path) -> None:
    """Rename over `target`. On Windows a scanner may hold a file for a moment: try again, not for ever."""
    for _ in range(RENAME_TRIES - 1 if WINDOWS else 0):
        try:
            source.replace(target)
            return
        except PermissionError:
            time.sleep(RENAME_PAUSE_SECONDS)
    source.replace(target)


def not_written(error: OSError, path: str) -> FieldLogError:
    """The sentence for a refused change."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull()
    if isinstance(error, (FileExistsError, IsADirectoryError, NotADirectoryError)):
        return WrongPlace(
            Sentence("Where {path} should lie, something else of that name is in the way.", path=path)
        )
    return NotSaved(
        Sentence(
            "this device refused to write {path} ({why}). Everything saved before is safe.",
            path=path,
            why=reason(error),
        )
    )


def not_read(error: OSError, path: str) -> FieldLogError:
    """The sentence for something that can't be read."""
    if isinstance(error, (FileNotFoundError, IsADirectoryError, NotADirectoryError)):
        return MissingFile(path)
    return FieldLogError(
        Sentence("This device can't read {path} ({why}); nothing was changed.", path=path, why=reason(error))
    )
