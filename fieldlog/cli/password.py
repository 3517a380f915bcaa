"""The password of a server: from the keyring, the environment, or asked for without showing it."""

from __future__ import annotations

import os
import sys
from getpass import getpass

from fieldlog.cli.speaking import _
from fieldlog.model.errors import NotUnderstood
from fieldlog.model.sentence import Sentence
from fieldlog.services.machine.machine import Machine
from fieldlog.services.sync.secrets import Secrets

GIVEN = "FIELDLOG_SYNC_PASSWORD"


def secrets_here(machine: Machine) -> Secrets:
    """What a terminal knows of passwords."""
    return Secrets(machine.offload, ask=_typed, given=os.environ.get(GIVEN, ""))


async def _typed(address: str) -> str:
    if sys.stdin is None or not sys.stdin.isatty():
        raise NotUnderstood(
            Sentence(
                "There is no screen to ask for the password of {address}; put it into {variable} for this once.",
                address=address,
                variable=GIVEN,
            )
        )
    return getpass(_("Password of {address}: ").format(address=address))
