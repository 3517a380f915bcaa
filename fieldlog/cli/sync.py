"""`fieldlog sync`: this device and a place that others reach hold the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from fieldlog.cli.counts import counted
from fieldlog.cli.damage import faults
from fieldlog.cli.door import main
from fieldlog.cli.password import secrets_here
from fieldlog.cli.progress import progress
from fieldlog.cli.proof import show_proof
from fieldlog.cli.speaking import _, say, told
from fieldlog.cli.working import in_study, run
from fieldlog.model.sentence import Counted
from fieldlog.model.state import State
from fieldlog.services.archive.write import Archived
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.device import Device
from fieldlog.services.study.studies import studies
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync import exchange as exchanging
from fieldlog.services.sync.addresses import known_by, reached
from fieldlog.services.sync.places.meeting import meet
from fieldlog.services.sync.places.paired import place_meant
from fieldlog.services.sync.proof.proven import Proof, proof_of
from fieldlog.services.sync.readback import prove
from fieldlog.services.sync.run import Exchanged
from fieldlog.services.sync.secrets import Secrets

KINDS = {
    "read": _("Fetch"), "wait": _("Leave for now"), "put": _("Send"), "remove": _("Remove there"),
}  # fmt: skip


@main.command(
    help=_("Exchange with a folder or a server that other devices reach: each then holds the same."),
    examples=(
        ("fieldlog sync /media/stick/FieldLog", _("A stick, or a folder that Nextcloud or Syncthing carries.")),
        ("fieldlog sync webdavs://ana@cloud.example.org/dav/FieldLog", _("A WebDAV server such as Nextcloud.")),
        (
            "fieldlog sync 's3://KEY@bucket/FieldLog?endpoint=https://s3.example.org'",
            _("A bucket of an S3 store. Passwords are asked for and kept in the keyring."),
        ),
        (
            "fieldlog sync 'p1.192.168.…'",
            _("A laptop with `fieldlog serve`: the code it shows pairs this device."),
        ),
        (_("fieldlog sync NAME"), _("The same laptop, from then on: by its name.")),
        ("fieldlog sync PLACE --plan", _("Only say what would be done.")),
        ("fieldlog sync PLACE --verify", _("Then read everything back, here and there, and name each fault.")),
        ("fieldlog sync --proof", _("Say what is proven on two devices, and name what is not.")),
        (_("fieldlog --data new/ sync PLACE"), _("On an empty store: join the study that lies there.")),
    ),
)
@click.argument("address", required=False, metavar=_("PLACE"))
@click.option("--plan", "only_plan", is_flag=True, help=_("Say what would be done, and do nothing."))
@click.option("--verify", "verifies", is_flag=True, help=_("Read everything back afterwards."))
@click.option("--proof", "proves", is_flag=True, help=_("Name what is not proven on two devices."))
@click.option("--again", is_flag=True, help=_("Fill a place again that was emptied."))
@click.pass_context
def sync(
    ctx: click.Context, address: str | None, only_plan: bool, verifies: bool, proves: bool, again: bool
) -> None:  # fmt: skip
    machine, study = ctx.obj
    if address is None:
        if not proves:
            raise click.UsageError(_("Say with which place, or --proof."))
        _prove(ctx, each=True)
        return
    secrets = secrets_here(machine)
    address = run(_meant(machine, study, address, secrets))
    if only_plan:
        run(in_study(ctx, lambda work: _show_plan(work, machine, address, secrets), write=True))
        return
    written: Archived | None = None
    if study is None and not run(studies(machine)):
        done = run(_joined(machine, address, secrets))
    else:
        found = in_study(ctx, lambda work: _exchanged(work, address, secrets, again=again), write=True)
        done, written = run(found)
    _show(done, written)
    wrong = list(done.problems)
    if verifies:
        wrong += run(in_study(ctx, lambda work: _read_back(work, machine, address, secrets), write=True))
        say(_("Everything was read back, here and there."))
    if verifies or proves or not done.idle:
        _prove(ctx, each=proves)
    faults(ctx, wrong, failed=bool(wrong))


async def _meant(machine: Machine, study: str | None, typed: str, secrets: Secrets) -> str:
    """The address that was meant; a code pairs."""
    here = study or (await Device.load(machine)).current or ""
    place = await place_meant(machine, typed, secrets, study=here)
    if place.called:
        say(_("Paired with {name}.").format(name=place.called))
    return place.address


async def _joined(machine: Machine, address: str, secrets: Secrets) -> Exchanged:
    with told_on_screen(_("Synchronising")) as tell:
        async with reached(machine, address, secrets) as target:
            return await exchanging.join(machine, target, known_by(address), tell=tell)


async def _exchanged(
    work: Workspace, address: str, secrets: Secrets, *, again: bool
) -> tuple[Exchanged, Archived | None]:
    with told_on_screen(_("Synchronising")) as tell:
        met = await meet(work, address, secrets, tell=tell, refill=again)
        return met.done, met.written


async def _read_back(work: Workspace, machine: Machine, address: str, secrets: Secrets) -> list[str]:
    with told_on_screen(_("Reading back")) as tell:
        async with reached(machine, address, secrets) as target:
            return await prove(work, target, known_by(address), tell=tell)


def _prove(ctx: click.Context, *, each: bool) -> None:
    async def found(work: Workspace) -> tuple[State, Proof]:
        return work.store.state, await proof_of(work)

    show_proof(*run(in_study(ctx, found, write=False)), each=each)


@contextmanager
def told_on_screen(what: str) -> Iterator[Callable[[int, int], None]]:
    """How many bytes came and went, as a bar."""
    with progress() as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell


async def _show_plan(work: Workspace, machine: Machine, address: str, secrets: Secrets) -> None:
    async with reached(machine, address, secrets) as target:
        found = await exchanging.foresee(work, target, known_by(address))
    for step in found.steps:
        line = _("{what}: {name} ({why})")
        say(line.format(what=KINDS[step.kind], name=step.segment.name, why=told.told(step.why)))
    if found.media_out:
        say(told.told(Counted("{n} file would be sent.", "{n} files would be sent.", found.media_out)))
    if found.media_in:
        say(told.told(Counted("{n} file would be fetched.", "{n} files would be fetched.", found.media_in)))
    if not (found.steps or found.media_out or found.media_in):
        say(_("Nothing to do."))


def _show(done: Exchanged, written: Archived | None) -> None:
    if not (done.lines_in or done.lines_out or done.media_in or done.media_out):
        say(_("Nothing was new on either side."))
    else:
        line = _("In: {come}. Out: {gone}.")
        say(line.format(
            come=counted({"line": done.lines_in, "attachment": done.media_in}),
            gone=counted({"line": done.lines_out, "attachment": done.media_out}),
        ))  # fmt: skip
    for words in done.told:
        say(told.told(words))
    if done.waiting:
        words = Counted("{n} file is still on its way.", "{n} files are still on their way.", done.waiting)
        say(told.told(words))
    for name in done.set_aside:
        say(_("Not ours, left alone: {path}").format(path=name))
    if written and written.days_written:
        words = Counted(
            "The archive followed: {n} day written.", "The archive followed: {n} days written.",
            len(written.days_written),
        )  # fmt: skip
        say(told.told(words))
