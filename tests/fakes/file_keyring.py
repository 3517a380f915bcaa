"""A keyring for programs that tests start (`with_keyring`): one file, named by the environment.

In a test itself it is not imported: whoever looks for a keyring would find it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend

WHERE = "FIELDLOG_TEST_KEYRING"


class FileKeyring(KeyringBackend):
    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write({**self._read(), username: password})

    def delete_password(self, service: str, username: str) -> None:
        self._write({name: secret for name, secret in self._read().items() if name != username})

    def _read(self) -> dict[str, str]:
        file = Path(os.environ[WHERE])
        return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}

    def _write(self, said: dict[str, str]) -> None:
        Path(os.environ[WHERE]).write_text(json.dumps(said), "utf-8")
