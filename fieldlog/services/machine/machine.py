"""The front door: the clock, the ids and the disks of the machine FieldLog runs on, read here and nowhere else."""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from fieldlog.model.ids import Ids
from fieldlog.model.moment import Moment
from fieldlog.model.ports import Cipher, Clock, Disk, Keyring, NewHttp, NewHubHttp, NewId, Offload
from fieldlog.services.machine.reserve import Room
from fieldlog.services.machine.zone import zone_name

T = TypeVar("T")


POCKET, FIRST_PAGE, SHARED = "fieldlog", "fieldlog-quick", "fieldlog-share"
"""Where the data lie in the browser's own file system, what was written before Python was up, and what other apps
shared. Each goes on with the path of the app (`addressed`); the bare names are those of earlier versions."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What the services are given. `disk_at` makes the disk of a folder of the data root, "" being the root."""

    clock: Clock
    new_id: NewId
    new_salt: Callable[[], str]
    disk_at: Callable[[str], Disk]
    offload: Offload
    place: str = ""
    """Where the data lie, in words for a person."""

    root: str = POCKET
    """In a browser: the folder of its storage below which the data lie."""

    returns: timedelta = timedelta()
    """For how long an open text is gone on with at the next start: in a browser on a phone, coming back is one."""

    practice: str = ""
    """Where a person's own data lie, while these here are for practice and go at the end; "" of all others."""

    downloads: Path | None = None
    """Where browsers of this machine put what they fetch; None where there are no folders."""

    cipher: Cipher | None = None
    """What seals here, where it is not the laptop's own."""

    marks: Disk | None = None
    """Where this machine keeps, outside of the data, how far each device came; None where there is no such place,
    and for data that are none of one's own."""

    http: NewHttp | None = None
    """What asks servers here, where it is not the laptop's own."""

    to_hub: NewHubHttp | None = None
    """What asks hubs here, where it is not the laptop's own."""

    keyring: Keyring | None = None
    """What keeps passwords here, where it is not the laptop's own."""

    keeps: bool = True
    """Whether every original stays here, so that other devices may rely on it; a phone makes room."""

    @cached_property
    def room(self) -> Room:
        """The room that is kept for text, one of a data root."""
        return Room(self.disk_at(""))


def laptop(data: Path) -> Machine:
    """An ordinary Python process that keeps its data below `data`."""
    return Machine(
        clock=read_clock,
        new_id=Ids(lambda: time.time_ns() // 1_000_000, secrets.token_bytes),
        new_salt=lambda: secrets.token_hex(16),
        disk_at=lambda folder: folder_disk(data / folder if folder else data),
        offload=laptop_offload(),
        place=str(data),
        downloads=downloads_folder(),
        marks=folder_disk(state / "fieldlog") if (state := state_folder()) else None,
    )


def state_folder() -> Path | None:
    """Where the system has programs keep what belongs to this machine alone; None where whoever runs this has no
    home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    told = Path(os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME", ""))
    usual = home / "AppData" / "Local" if sys.platform == "win32" else home / ".local" / "state"
    return told if told.is_absolute() else usual


_NAMED = re.compile(r'^XDG_DOWNLOAD_DIR="(\$HOME/)?([^"]+)"', re.MULTILINE)


def downloads_folder() -> Path | None:
    """The folder Downloads of whoever runs this, as their desktop calls it; None where they have no home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    try:
        said = _NAMED.search((home / ".config" / "user-dirs.dirs").read_text("utf-8", errors="replace"))
    except OSError:
        said = None
    if said is None:
        return home / "Downloads"
    return home / said[2] if said[1] else Path(said[2])


RETURNS = timedelta(seconds=150)
"""Half a minute more than the page allows, which shows the text again before Python is up."""


def here() -> str:
    """The path of this app at its host."""
    return os.environ.get("FIELDLOG_PLACE") or "/"


def addressed(name: str) -> str:
    """A name in the browser's storage, or of a channel there, with the path of this app: a host may have several.

    As assets/pocket/address.js makes it; the path is what python_worker.js says it is.
    """
    return name + here().replace("~", "%7E").replace(":", "%3A").replace("/", "~")


def browser(
    root: str = "", *, cipher: Cipher | None = None, http: NewHttp | None = None,
    to_hub: NewHubHttp | None = None, keyring: Keyring | None = None,
) -> Machine:  # fmt: skip
    """Python in a browser's worker, with the browser's own file system, below the folder `root` of it, its
    `cipher`, its `http`, its way `to_hub`s and its `keyring`."""
    from fieldlog.disk.opfs import OpfsDisk

    root = root or addressed(POCKET)
    return Machine(
        clock=read_clock,
        new_id=Ids(lambda: time.time_ns() // 1_000_000, secrets.token_bytes),
        new_salt=lambda: secrets.token_hex(16),
        disk_at=lambda folder: OpfsDisk("/".join(filter(None, (root, folder)))),
        offload=in_turn,
        returns=RETURNS,
        cipher=cipher,
        http=http,
        to_hub=to_hub,
        keyring=keyring,
        root=root,
        keeps=False,
    )


def first_page(*, earlier: bool = False) -> Disk:
    """Where the page keeps what is written before Python is up; where that of an `earlier` version did."""
    from fieldlog.disk.opfs import OpfsDisk

    return OpfsDisk(FIRST_PAGE if earlier else addressed(FIRST_PAGE))


def share_inbox(*, earlier: bool = False) -> Disk:
    """Where the page keeps what other apps share with us; where that of an `earlier` version did."""
    from fieldlog.disk.opfs import OpfsDisk

    return OpfsDisk(SHARED if earlier else addressed(SHARED))


async def earlier_roots() -> set[str]:
    """Which of the names of earlier versions are there. None is made by asking."""
    from fieldlog.disk.opfs import names_at_top

    return {POCKET, FIRST_PAGE, SHARED} & await names_at_top()


def laptop_offload() -> Offload:
    """Threads beside the event loop."""
    from fieldlog.services.machine.threads import in_thread

    return in_thread


def folder_disk(folder: Path) -> Disk:
    """The disk of any folder of the laptop."""
    from fieldlog.disk.posix import PosixDisk

    return PosixDisk(folder)


async def in_place(work: Callable[..., T], /, *frozen: object) -> T:
    """The simplest `Offload`: does the work where it stands."""
    return work(*frozen)


async def in_turn(work: Callable[..., T], /, *frozen: object) -> T:
    """The `Offload` of a browser: lets the screens have their turn, then does the work, and waits where the
    browser does it beside us."""
    await asyncio.sleep(0)
    result: Any = work(*frozen)
    return cast(T, await result if inspect.isawaitable(result) else result)


def read_clock() -> Moment:
    """The wall clock, its zone and the counter since boot, read together.

    The counter goes on in sleep where the machine has one that does (Linux, Android).
    """
    # A browser's Python has the name of that clock, and not the clock.
    boottime = None if sys.platform == "emscripten" else getattr(time, "CLOCK_BOOTTIME", None)
    at = datetime.now().astimezone()
    counter = time.monotonic_ns() if boottime is None else time.clock_gettime_ns(boottime)
    return Moment(
        at=at.replace(microsecond=at.microsecond // 1000 * 1000),
        zone=zone_name(),
        mono_ms=counter // 1_000_000,
        boot=_BOOT,
        counts_sleep=boottime is not None,
    )


def _boot_id() -> str:
    """What names this boot; of this process only, where the machine does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return secrets.token_hex(16)


_BOOT = _boot_id()
