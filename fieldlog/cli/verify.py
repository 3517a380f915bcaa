"""`fieldlog verify`: every fault of the store, of an archive or of a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.door import main
from fieldlog.cli.passphrase import passphrase, passphrase_file
from fieldlog.cli.speaking import _, complain, flush, say, told
from fieldlog.cli.working import in_study, run
from fieldlog.model.sentence import Counted
from fieldlog.services.archive import verify as verifying
from fieldlog.services.machine.machine import Machine
from fieldlog.services.study.workspace import Workspace


@main.command(
    help=_("Check journals and media, an archive or a bundle: every fault is named."),
    examples=(
        ("fieldlog verify", _("The store of this device.")),
        ("fieldlog verify ~/FieldLog/archive", _("An archive, by its manifests and by its log.")),
        ("fieldlog verify month.zip", _("A bundle, byte by byte.")),
    ),
)
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path), metavar=_("[PATH]"))
@passphrase_file
@click.pass_context
def verify(ctx: click.Context, path: Path | None, phrase: Path | None) -> None:
    if path is None:
        faults = _of_store(ctx)
    elif path.is_dir():
        faults = run(verifying.verify_archive(path))
    else:
        faults = _of_bundle(ctx.obj[0], path, phrase)
    for sentence in faults:
        say(told.told(sentence))
    if faults:
        flush()
        complain(told.told(Counted("{n} fault", "{n} faults", len(faults))))
        ctx.exit(1)
    say(_("No faults."))


def _of_store(ctx: click.Context) -> list[str]:
    """What proves is imported for stores alone."""
    from fieldlog.cli.proof import show_proof
    from fieldlog.services.sync.proof.proven import proof_of

    async def checked(work: Workspace) -> list[str]:
        faults = await verifying.verify_store(work)
        show_proof(work.store.state, await proof_of(work))
        return faults

    return run(in_study(ctx, checked, write=False))


def _of_bundle(machine: Machine, path: Path, phrase: Path | None) -> list[str]:
    """What checks bundles is imported for them alone."""
    from fieldlog.services.copies.bundle_faults import verify_bundle
    from fieldlog.services.copies.sealed import unseal
    from fieldlog.services.machine.sources import FileSource

    if not path.is_file() or not run(unseal.is_sealed(source := FileSource(path=path))):
        return run(verify_bundle(path))
    run(unseal.look(source))
    return run(unseal.verify_sealed(machine, source, passphrase(phrase)))
