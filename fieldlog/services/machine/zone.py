"""Which time zone is this machine in? Its IANA name where that can be known, and nothing where it can't.

A machine that says UTC is in UTC. A rule without a name (`TZ=CST-8`), a copy of a zone's file, two answers that
differ: then nobody knows, and a person is asked. In a browser `TZ` is what the browser said.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from fieldlog.model import gate
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence

LOCALTIME = "etc/localtime"
_VARIANTS = ("posix/", "right/")
"""Folders beside the zones with the same zones in them, which no other machine need have."""


class ZoneUnknown(NotUnderstood):
    """The machine doesn't say where it is; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "This machine does not tell its time zone, and a study needs one. Name it: `fieldlog log` and "
                "`fieldlog studies new` take --zone, like --zone Asia/Shanghai. Nothing was changed."
            )
        )


Answers = tuple[str | None, str]
"""The name of the machine's zone that `tzlocal` gives, and that of the zone it gives."""


def asked() -> Answers:
    import tzlocal

    tzlocal.reload_localzone()
    return tzlocal.get_localzone_name(), str(tzlocal.get_localzone())


def zone_name(root: str = "/", ask: Callable[[], Answers] = asked) -> str | None:
    """The IANA name of the machine's zone; None where it is not known.

    `root` is the folder under which the machine's files lie, `ask` who reads what they say.
    """
    named = os.environ.get("TZ", "").removeprefix(":")
    if sys.platform == "emscripten":
        return _zone(named)
    localtime = Path(root, LOCALTIME)
    if named.startswith("/"):
        return _led_to(Path(root, named.lstrip("/")))
    if named:
        return _zone(named)
    return _told(ask, str(localtime.readlink()) if localtime.is_symlink() else "")


def _zone(name: str | None) -> str | None:
    return name if name and gate.zone(name) is None else None


def _led_to(path: Path) -> str | None:
    """The zone whose file a path leads to."""
    return _zone(_plain(path.resolve().as_posix().partition("zoneinfo/")[2]))


def _plain(name: str) -> str:
    return next((name.removeprefix(one) for one in _VARIANTS if name.startswith(one)), name)


@lru_cache(maxsize=8)
def _told(ask: Callable[[], Answers], leads_to: str) -> str | None:
    """What the machine's files say; asked again where `leads_to`, the target of its local time, is another."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            name, of_its_zone = ask()
    except (ImportError, KeyError, ValueError, OSError, Warning):
        return None
    return _zone(_plain(name)) if name and name == of_its_zone else None
