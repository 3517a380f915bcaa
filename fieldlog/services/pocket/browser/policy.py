"""Whom the browser lets Python's worker reach: the targets in use and nothing more.

A policy is said with the worker's script (assets/pocket/service_worker.js) and can't be changed while the worker
runs. So a target that is new is let through from the next start on: the page is loaded anew. Targets that were not
asked for since, and that no study knows, are let through no more.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.machine.machine import here
from fieldlog.sync.target import TargetRefused

with suppress(ModuleNotFoundError):  # on a laptop this can be imported and never used
    import js

FROM_NEXT = sentence(
    "FieldLog reaches nobody whom it was not told to reach. {host} is let through from now on: open FieldLog "
    "anew, then try again."
)
UNNAMED = sentence("{host} can’t be let through: a browser’s rules know no such address. Give another one.")


class OpenAnew(TargetRefused):
    """A target is let through once the page was loaded anew."""


class Policy:
    """`in_force` is whom this worker may reach, None where nothing forbids it anything: then this is idle."""

    def __init__(self) -> None:
        said = os.environ.get("FIELDLOG_TARGETS")
        self.in_force = None if said is None else frozenset[str](json.loads(said))
        self._used = set[str]()

    async def passed(self, *urls: str) -> None:
        """Return where all of these may be reached. Raises `OpenAnew` where one is let through from the next start
        on, `TargetRefused` where it never is."""
        if self.in_force is None:
            return
        origins = {origin_of(url) for url in urls}
        if not origins <= self._used:
            await _keep({*await _kept(), *origins})
            self._used |= origins
        if new := sorted(origins - self.in_force):
            raise OpenAnew(Sentence(FROM_NEXT, host=urlsplit(new[0]).netloc))

    async def keep(self, urls: Iterable[str]) -> None:
        """Let these through from the next start on, those that were asked for meanwhile, and no others."""
        if self.in_force is not None:
            await _keep({*(origin_of(url) for url in urls if _is_named(url)), *self._used})


def origin_of(url: str) -> str:
    """Scheme, host and port, as a policy names them. Raises `TargetRefused` where it can't."""
    parts = urlsplit(url)
    if not _is_named(url):
        raise TargetRefused(Sentence(UNNAMED, host=parts.netloc))
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def _is_named(url: str) -> bool:
    """Of numbers, a policy knows those of the old internet only."""
    return "[" not in urlsplit(url).netloc


def _place() -> tuple[str, str]:
    scope = f"{js.location.origin}{here()}"
    return f"fieldlog-targets {scope}", f"{scope}?targets"


async def _kept() -> list[str]:
    name, url = _place()
    found = await (await js.caches.open(name)).match(url)
    return [str(one) for one in json.loads(await found.text())] if found else []


async def _keep(origins: set[str]) -> None:
    name, url = _place()
    await (await js.caches.open(name)).put(url, js.Response.new(json.dumps(sorted(origins))))
