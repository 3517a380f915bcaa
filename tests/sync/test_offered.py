"""Which files a hub keeps."""

from __future__ import annotations

import pytest

from fieldlog.sync.offered import is_folder, is_name

HEX = "0123456789abcdef"


@pytest.mark.parametrize(
    "name",
    [
        "format.json", f"log/a1b2/1-2-9-{HEX}.jsonl", f"log/a1b2~{HEX}/1-2-9-{HEX}.jsonl", "head/a1b2.json",
        f"head/a1b2~{HEX}.json", "proof/0195aaaa-0000-7000-8000-000000000001.json", f"media/ab/ab{'c' * 62}.jpg",
        f"media/ab/ab{'c' * 62}.wav.0", f"media/ab/ab{'c' * 62}.wav.parts",
    ],
)  # fmt: skip
def test_files_of_an_exchange_are_kept(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "log", "log/", "../format.json", "/format.json", "format.json\n", "log/../format.json",
        f"log/../1-2-9-{HEX}.jsonl", f"log/a/b/1-2-9-{HEX}.jsonl", f"log/a1b2/2-1-9-{HEX}.jsonl",
        f"log/a1b2/1-2-9-{HEX}.jsonl.part~", f"log/a1b2\\1-2-9-{HEX}.jsonl", "head/.json", "head/...json",
        "head/a/b.json", f"media/aa/ab{'c' * 62}.jpg", f"media/ab/ab{'c' * 62}", f"media/ab/ab{'c' * 62}.JPG",
        "proof/é.json", "hub.json", "hub-https.key", ".parts/x", f"head/{'a' * 400}.json", "head/a:b.json",
    ],
)  # fmt: skip
def test_nothing_else_is(name: str) -> None:
    assert not is_name(name)


def test_what_can_be_listed() -> None:
    assert all(map(is_folder, ["", "log", "head", "media", "proof", "log/a1b2", f"log/a1b2~{HEX}"]))
    assert not any(map(is_folder, ["..", "log/..", "log/", "/", "media/ab", "logs", "log/a/b", ".parts"]))
