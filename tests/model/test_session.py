"""What may be recorded, said in free words, is read as narrowly as it can be."""

from __future__ import annotations

import pytest

from fieldlog.model.session import strictly_allowed


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ("notes", ("notes",)),
        ("audio", ("notes", "audio")),
        ("none agreed", ()),
        ("audio; none of the photo", ()),
        ("Photo, NONE", ()),
        ("photo of nonentities", ("notes", "photo")),
        ("notes; slides no photo", ("notes",)),
        ("notes only", ("notes",)),
        ("Notes, Audio, Photo", ("notes", "audio", "photo")),
        ("notes; audio if the director agrees", ("notes",)),
        ("notes; audio not before lunch", ("notes",)),
        ("we will see", ()),
    ],
)
def test_free_words_allow_only_what_they_plainly_say(words: str, allowed: tuple[str, ...]) -> None:
    assert strictly_allowed(words) == allowed
