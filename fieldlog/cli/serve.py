"""`fieldlog serve`: this laptop is the place where one's own devices exchange, until Ctrl+C."""

from __future__ import annotations

import asyncio
import io
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import click
import segno

from fieldlog.cli.counts import counted
from fieldlog.cli.door import PORT, main
from fieldlog.cli.speaking import _, complain, flush, say, told
from fieldlog.cli.sync import told_on_screen
from fieldlog.cli.working import in_study, run
from fieldlog.model.errors import FieldLogError, NotFound
from fieldlog.model.reasons import reason
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.services.hub.hub import Hub, hub_of
from fieldlog.services.hub.keeping import Keeping
from fieldlog.services.hub.record import HubRecord, PairedDevice
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.hubs.own_name import own_name

NO_DEVICE = sentence("No paired device is called {name}. `fieldlog serve --devices` lists them.")
MANY = sentence("Several paired devices are called {name}. Give the id that `fieldlog serve --devices` shows.")
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")


@main.command(
    help=_("Be the hub: your own phones and laptops exchange with this one over the network, until Ctrl+C."),
    examples=(
        ("fieldlog serve", _("Show a code; scan it with the phone, or give it to `fieldlog sync` elsewhere.")),
        ("fieldlog serve --devices", _("Which devices are paired, and when they were here last.")),
        ("fieldlog serve --revoke 'Old phone'", _("Let a device in no more.")),
    ),
)
@click.option("--port", type=PORT, metavar=_("NUMBER"), help=_("Where to listen; by default where it was last."))
@click.option(
    "--app", metavar=_("ADDRESS"), help=_("The web address of the app on your phone: the code leads there.")
)
@click.option("--devices", "lists", is_flag=True, help=_("List the paired devices, and do nothing."))
@click.option("--revoke", metavar=_("NAME"), help=_("Let this device in no more, and do nothing else."))
@click.pass_context
def serve(ctx: click.Context, port: int | None, app: str | None, lists: bool, revoke: str | None) -> None:
    if lists:
        run(in_study(ctx, _list, write=False))
    elif revoke is not None:
        run(in_study(ctx, lambda work: _revoke(work, revoke), write=True))
    else:
        run(in_study(ctx, lambda work: _serve(work, port, app), write=True))


async def _list(work: Workspace) -> None:
    devices = (await HubRecord.of(work.store.disk, work.machine.new_id)).devices
    for one in devices:
        say(_row(one))
    if not devices:
        say(_("No device is paired yet."))


def _row(one: PairedDevice) -> str:
    met = f"{one.met_at:%Y-%m-%d %H:%M}" if one.met_at else "–"
    line = _("{name}: revoked ({id})") if one.revoked else _("{name}: last here {at} ({id})")
    return line.format(name=one.name or one.id, at=met, id=one.id)


async def _revoke(work: Workspace, name: str) -> None:
    record = await HubRecord.of(work.store.disk, work.machine.new_id)
    device = device_called(record, name)
    await record.revoke(device.id, work.machine.clock().at)
    say_revoked(device)


def device_called(record: HubRecord, name: str) -> PairedDevice:
    """The paired device of this name or id. Raises `NotFound` where there is none, or more than one."""
    found = [one for one in record.paired if name in (one.id, one.name)]
    if len(found) != 1:
        raise NotFound(Sentence(MANY if found else NO_DEVICE, name=name))
    return found[0]


def say_revoked(device: PairedDevice) -> None:
    say(_("{name} is let in no more. What it has already stays there.").format(name=device.name or device.id))


async def _serve(work: Workspace, port: int | None, app: str | None) -> None:
    from fieldlog.server.hub.carrying import carried

    hub = await hub_of(work, own_name(work.device))
    if app is not None:
        hub.record.app = app
        await hub.record.keep()
    with until_asked() as stopped:
        with told_on_screen(_("Getting ready")) as tell:
            keeping = Keeping(hub)
            await keeping.begin(tell)
        try:
            async with carried(hub, port=port):
                shown = Shown(hub, keeping)
                hub.heard.append(shown.changed)
                with on_lines(shown.typed):
                    shown.new_code()
                    await stopped.wait()
        finally:
            await keeping.end()


class Shown:
    """What stands in the terminal: the code, who has come, and what they brought."""

    def __init__(self, hub: Hub, keeping: Keeping) -> None:
        self._hub, self._keeping = hub, keeping
        self._devices = {one.id: one for one in hub.record.devices}
        self._revoking: asyncio.Task[None] | None = None
        self._pairs, self._done, self._trouble = False, keeping.done, keeping.trouble

    def typed(self, line: str) -> None:
        """A new code, or `revoke` and a device's name."""
        verb, _space, name = line.strip().partition(" ")
        if verb == "revoke":
            self._revoking = asyncio.ensure_future(self._revoke(name.strip()))
        else:
            self.new_code()

    async def _revoke(self, name: str) -> None:
        try:
            device = device_called(self._hub.record, name)
            await self._hub.revoke(device.id)
        except FieldLogError as why:
            complain(told.told(why.args[0]))
        else:
            say_revoked(device)
        flush()

    def new_code(self) -> None:
        code = self._hub.new_code()
        self._pairs = True
        if sys.stdout.isatty():
            drawn = io.StringIO()
            segno.make(code, error="m", micro=False).terminal(drawn, compact=True)
            click.echo(drawn.getvalue())
        say(code)
        say(_(
            "Scan it with the phone, or type `fieldlog sync` and this code on another laptop. It pairs one "
            "device, within ten minutes. Enter shows a new one, `revoke` and a name lets a device in no more, "
            "Ctrl+C ends the hub."
        ))  # fmt: skip
        flush()

    def changed(self) -> None:
        """Say what is new since the last time."""
        for one in self._hub.record.devices:
            before = self._devices.get(one.id)
            if one.key and (before is None or before.key != one.key):
                say(_("{name} is paired now.").format(name=one.name or one.id))
            elif before is not None and before.met != one.met:
                say(_("{name} is here.").format(name=one.name or one.id))
        self._devices = {one.id: one for one in self._hub.record.devices}
        if self._pairs and not self._hub.pairs:
            self._pairs = False
            say(_("The code is used up. Enter shows a new one."))
        self._told_of_the_exchange()
        flush()

    def _told_of_the_exchange(self) -> None:
        done, trouble = self._keeping.done, self._keeping.trouble
        if done is not self._done and (done.lines_in or done.media_in):
            say(_("Came in: {what}.").format(what=counted({"line": done.lines_in, "attachment": done.media_in})))
        for words in done.problems if done is not self._done else ():
            complain(told.told(words))
        if trouble is not None and trouble is not self._trouble:
            complain(told.told(trouble.args[0] if isinstance(trouble, FieldLogError) else reason(trouble)))
        self._done, self._trouble = done, trouble


@contextmanager
def until_asked() -> Iterator[asyncio.Event]:
    """Is set by Ctrl+C, by the system, and where there is one, by the closing of the terminal's window."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    numbers = [one for one in signal.Signals if one.name in ENDINGS]
    before = {one: was for one in numbers if (was := signal.getsignal(one)) is not signal.SIG_IGN}
    for number in before:
        try:
            loop.add_signal_handler(number, stopped.set)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopped.set))
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, handler)


@contextmanager
def on_lines(verb: Callable[[str], None]) -> Iterator[None]:
    """Do it with each line that is typed, where lines can be waited for."""
    loop, waits = asyncio.get_running_loop(), sys.stdin is not None and sys.stdin.isatty()

    def typed() -> None:
        if line := sys.stdin.readline():
            verb(line)
        else:
            loop.remove_reader(sys.stdin)

    if waits:
        with suppress(NotImplementedError):
            loop.add_reader(sys.stdin, typed)
    try:
        yield
    finally:
        if waits:
            with suppress(NotImplementedError):
                loop.remove_reader(sys.stdin)
