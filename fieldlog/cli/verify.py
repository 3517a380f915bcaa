"""`fieldlog verify`: every fault of the store, of an archive or of a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from fieldlog.cli.door import main
from fieldlog.cli.passphrase import passphrase, passphrase_file
from fieldlog.cli.speaking import _, complain, flush, say, told
from fieldlog.cli.sync import show_proof
from fieldlog.cli.working import in_study, run
from fieldlog.model.sentence import Counted
from fieldlog.model.state import State
from fieldlog.services.archive import verify as verifying
from fieldlog.services.copies import bundle_check
from fieldlog.services.copies.sealed import unseal
from fieldlog.services.machine.sources import FileSource
from fieldlog.services.study.workspace import Workspace
from fieldlog.services.sync.proof.proven import Proof, proof_of


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
    if path and path.is_file() and run(unseal.is_sealed(source := FileSource(path=path))):
        run(unseal.look(source))
        faults = run(unseal.verify_sealed(ctx.obj[0], source, passphrase(phrase)))
    elif path:
        faults = run(verifying.verify_archive(path) if path.is_dir() else bundle_check.verify_bundle(path))
    else:
        faults, state, proof = run(in_study(ctx, _checked, write=False))
        show_proof(state, proof)
    for sentence in faults:
        say(told.told(sentence))
    if faults:
        flush()
        complain(told.told(Counted("{n} fault", "{n} faults", len(faults))))
        ctx.exit(1)
    say(_("No faults."))


async def _checked(work: Workspace) -> tuple[list[str], State, Proof]:
    return await verifying.verify_store(work), work.store.state, await proof_of(work)
