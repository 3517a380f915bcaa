"""`fieldlog log`: notes, each on the disk before its id is printed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import string
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

import click

from fieldlog.cli.door import in_zone, main
from fieldlog.cli.speaking import _, flush, say
from fieldlog.cli.speaking import told as spoken
from fieldlog.cli.working import in_study, run
from fieldlog.model import gate
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.moment import iso
from fieldlog.model.production_day import BOUNDARY_HOUR
from fieldlog.services.capture.capture import Capture
from fieldlog.services.capture.chips import Chips
from fieldlog.services.machine.letters import decoded
from fieldlog.services.machine.zone import zone_name
from fieldlog.services.study.typed_times import NoTime, Told, told
from fieldlog.services.study.workspace import Workspace


@main.command(
    help=_("Write a note and print its id once it is on the disk; `-` reads a note a line."),
    examples=(
        (_('fieldlog log "The lamp is not ready" --scene 342 --type ON'), _("A note of scene 34-2, observed.")),
        (
            _('fieldlog log "They wait in the cars" --at 25:41'),
            _("At 01:41, still of the day before."),
        ),
        ("fieldlog log - < notes.txt", _("Every line of a file is a note.")),
    ),
)
@click.argument("text", metavar=_("TEXT"))
@click.option(
    "--at",
    metavar=_("TIME"),
    help=_("When it happened: 22:05, 25:41 past midnight, 2025-03-16 22:05, 2025-03-16."),
)
@click.option("--session", metavar=_("SESSION"), help=_("The session it belongs to."))
@click.option("--type", "note_type", default="none", metavar=_("TYPE"), help=_("ON, TN, MN or PN."))
@click.option("--kind", default="jotting", metavar=_("KIND"), help=_("jotting, quote, question …"))
@click.option("--scene", metavar=_("SCENE"), help=_("The scene, 34-2 or 342."))
@click.option("--code", "codes", multiple=True, metavar=_("CODE"), help=_("A code; may be given several times."))
@in_zone
@click.pass_context
def log(
    ctx: click.Context, text: str, at: str | None, session: str | None, note_type: str, kind: str,
    scene: str | None, codes: tuple[str, ...], zone: str | None,
) -> None:  # fmt: skip
    said = _typed(text)
    if said is None:
        raise NotUnderstood(_("A note without a word is none. Nothing was written."))
    chips = Chips(
        kind=kind, note_type=note_type, session=_typed(session), scene=_typed(scene),
        codes=tuple(code for one in codes if (code := _typed(one))),
    )  # fmt: skip
    chips.check()
    if at is not None:
        gate.taken(gate.instant, "--at", iso(_time(at, "UTC", "2000-01-01").at))
    if zone:
        gate.taken(gate.zone, "--zone", zone)

    async def write(work: Workspace) -> None:
        capture = Capture(work)
        await capture.begin(zone=zone)
        when = _time(at, *_here(work, capture)) if at is not None else None
        known = replace(chips, at=when.at, day=when.day, precision=when.precision) if when else chips
        for line in _lines(said):
            entry = await capture.note(line, known)
            say(entry.id)
            flush()

    run(in_study(ctx, write, write=True, create=True, zone=zone))


def _typed(argument: str | None) -> str | None:
    """An argument in the letters it was typed in, also where they are not the terminal's; None for a blank one."""
    said = argument or ""
    if any("\udc80" <= sign <= "\udcff" for sign in said):
        said = decoded(os.fsencode(said))
    return said if said.strip("\ufeff\u200b" + string.whitespace + "\u3000") else None


def _lines(text: str) -> Iterable[str]:
    """The note itself, or with `-` every line of standard input that says anything.

    A line is taken as soon as it is there. From the first that is not UTF-8 on, the rest is read as one text:
    what it is written in is seen by all of it.
    """
    if text != "-":
        yield text
        return
    if sys.stdin is None:
        raise NotUnderstood(_("There is no standard input to read notes from. Nothing was written."))
    while raw := _read(sys.stdin.buffer.readline):
        try:
            said = "" if b"\0" in raw else raw.decode("utf-8").lstrip("\ufeff")
        except UnicodeDecodeError:
            said = ""
        said = said or decoded(raw + _read(sys.stdin.buffer.read))
        yield from filter(_typed, re.split(r"[\r\n]+", said))


def _read(read: Callable[[], bytes]) -> bytes:
    """What comes in; one Ctrl+C ends the waiting, in which nothing is half done; so does one just before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise KeyboardInterrupt
        return read()
    finally:
        signal.signal(signal.SIGINT, before)


def _here(work: Workspace, capture: Capture) -> tuple[str, str, int]:
    """The zone of this machine, else of the study; the production day it is now; the hour at which days turn."""
    calendar = work.store.state.calendar
    return zone_name() or work.zone, calendar.date_at(capture.now().at), calendar.boundary_hour


def _time(text: str, zone: str, on: str, boundary_hour: int = BOUNDARY_HOUR) -> Told:
    try:
        return told(text, zone, on=on, boundary_hour=boundary_hour)
    except NoTime as why:
        raise click.BadParameter(spoken.told(why)) from why
