"""Where passwords of targets are kept, and where they are not."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordDeleteError

from fieldlog.model.errors import NotUnderstood
from fieldlog.services.machine.machine import in_place
from fieldlog.services.sync.secrets import SERVICE, Secrets

ADDRESS = "webdavs://ana@x.org/dav"


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept = dict[tuple[str, str], str]()
        self.fault: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._may()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._may()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._may()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")

    def _may(self) -> None:
        if self.fault:
            raise self.fault


class InAFile(Ring):
    priority = 0.5  # type: ignore[assignment]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, one = keyring.get_keyring(), Ring()
    keyring.set_keyring(one)
    yield one
    keyring.set_keyring(before)


async def types(_: str) -> str:
    return "typed"


async def test_what_is_kept_is_found_by_the_next_start(ring: Ring) -> None:
    assert await Secrets(in_place).keep(ADDRESS, "s3cret")
    assert ring.kept == {(SERVICE, ADDRESS): "s3cret"}
    assert await Secrets(in_place, ask=types).find(ADDRESS) == ("s3cret", False)


async def test_what_is_typed_is_not_kept_by_itself(ring: Ring) -> None:
    secrets = Secrets(in_place, ask=types)
    assert await secrets.find(ADDRESS) == ("typed", True)
    assert ring.kept == {}


async def test_what_a_person_typed_goes_before_what_is_known_once(ring: Ring) -> None:
    secrets = Secrets(in_place)
    await secrets.keep(ADDRESS, "old")
    secrets.typed(ADDRESS, "new")
    assert await secrets.find(ADDRESS) == ("new", True)
    assert await secrets.find(ADDRESS) == ("old", False)


async def test_what_is_forgotten_is_asked_for_again(ring: Ring) -> None:
    secrets = Secrets(in_place, ask=types)
    await secrets.keep(ADDRESS, "old")
    await secrets.forget(ADDRESS)
    await secrets.forget(ADDRESS)
    assert ring.kept == {}
    assert await secrets.find(ADDRESS) == ("typed", True)


async def test_what_is_given_from_outside_goes_before_and_stays_nowhere(ring: Ring) -> None:
    ring.kept[SERVICE, ADDRESS] = "kept"
    assert await Secrets(in_place, given="given").find(ADDRESS) == ("given", False)
    assert ring.kept == {(SERVICE, ADDRESS): "kept"}


@pytest.mark.parametrize(
    "fault", [NoKeyringError("none"), KeyringLocked("locked"), OSError("bus"), RuntimeError("x")]
)
async def test_without_a_keyring_a_secret_lives_as_long_as_the_app(ring: Ring, fault: Exception) -> None:
    ring.fault = fault
    secrets = Secrets(in_place, ask=types)
    assert await secrets.find(ADDRESS) == ("typed", True)
    assert not await secrets.keep(ADDRESS, "typed")
    assert await secrets.find(ADDRESS) == ("typed", False)
    await secrets.forget(ADDRESS)
    with pytest.raises(NotUnderstood, match=f"password of {re.escape(ADDRESS)} is needed"):
        await Secrets(in_place).find(ADDRESS)


async def test_a_keyring_that_is_a_file_is_none(ring: Ring) -> None:
    in_a_file = InAFile()
    keyring.set_keyring(in_a_file)
    assert not await Secrets(in_place).keep(ADDRESS, "s3cret")
    assert in_a_file.kept == {}


async def test_a_phone_has_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    secrets = Secrets(in_place)
    assert not await secrets.keep(ADDRESS, "s3cret")
    assert await secrets.find(ADDRESS) == ("s3cret", False)
