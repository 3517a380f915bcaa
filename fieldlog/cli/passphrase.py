"""The passphrase of a sealed bundle: asked for without showing it, or read from a file."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path

import click

from fieldlog.cli.speaking import _
from fieldlog.model.errors import NotUnderstood

passphrase_file = click.option(
    "--passphrase-file", "phrase", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar=_("FILE"),
    help=_("A file whose first line is the passphrase; without one it is asked for."),
)  # fmt: skip


def passphrase(file: Path | None, *, twice: bool = False) -> str:
    """The first line of a file, else what a person types, `twice` the same where nobody could find it out later.

    Raises `NotUnderstood` where there is nobody to ask, or the two differ.
    """
    if file is not None:
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        return lines[0] if lines else ""
    if sys.stdin is None or not sys.stdin.isatty():
        raise NotUnderstood(
            "There is no screen to ask for the passphrase; name a file that holds it with --passphrase-file."
        )
    said = getpass(_("Passphrase: "))
    if twice and getpass(_("The same once more: ")) != said:
        raise NotUnderstood("That was another passphrase. Nothing was written.")
    return said
