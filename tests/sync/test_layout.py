"""What files of an exchange are called: made and read back, and what is none of ours."""

from __future__ import annotations

import hashlib

import pytest

from fieldlog.model.errors import NotUnderstood
from fieldlog.sync import layout
from fieldlog.sync.layout import Head, NewerThere, Segment
from fieldlog.sync.target import Item

WRITER = "a1b2c3d4e5f60718"
DATA = b'{"fl":1}\n'
SHA = hashlib.sha256(b"a photo").hexdigest()


def test_a_segments_name_says_whose_lines_which_how_long_and_what() -> None:
    made = layout.segment_made(WRITER, 3, 7, DATA)
    assert made.name == f"log/{WRITER}/3-7-9-{hashlib.sha256(DATA).hexdigest()[:16]}.jsonl"
    assert made.name.endswith(layout.segment_name(3, 7, DATA))
    assert layout.segment_of(Item(name=made.name, bytes=9)) == made
    assert layout.is_whole(made, DATA)
    assert not layout.is_whole(made, b'{"fl":2}\n')
    assert not layout.is_whole(made, DATA[:-1])


def test_a_segment_of_a_branch_is_one() -> None:
    made = layout.segment_made(f"{WRITER}~0123456789abcdef", 1, 1, DATA)
    assert layout.segment_of(Item(name=made.name, bytes=9)) == made


@pytest.mark.parametrize(
    ("name", "size"),
    [
        (f"log/{WRITER}/3-7-9-0123456789abcdef.jsonl", 4),
        (f"log/{WRITER}/3-7-9-0123456789abcdef-MacBook.jsonl", 9),
        (f"log/{WRITER}/3-7-9-0123456789abcdef (conflicted copy).jsonl", 9),
        (f"log/{WRITER}/3-7-9-0123456789abcdef.sync-conflict-20250316.jsonl", 9),
        (f"log/{WRITER}/7-3-9-0123456789abcdef.jsonl", 9),
        (f"log/{WRITER}/0-3-9-0123456789abcdef.jsonl", 9),
        (f"log/{WRITER}/3-9-0123456789abcdef.jsonl", 9),
        (f"log/{WRITER}/３-7-9-0123456789abcdef.jsonl", 9),
        (f"log/{WRITER}/deeper/3-7-9-0123456789abcdef.jsonl", 9),
        ("log/un writer/3-7-9-0123456789abcdef.jsonl", 9),
        ("log/README.txt", 9),
    ],
)
def test_what_is_cut_misnamed_or_a_copy_in_conflict_is_no_segment(name: str, size: int) -> None:
    assert layout.segment_of(Item(name=name, bytes=size)) is None


def test_an_original_of_8_mib_lies_whole_and_one_byte_more_in_parts() -> None:
    name = layout.media_name(SHA, "jpg")
    assert name == f"media/{SHA[:2]}/{SHA}.jpg"
    assert layout.media_names(name, 8 << 20) == [name]
    assert layout.media_names(name, (8 << 20) + 1) == [f"{name}.parts", f"{name}.0", f"{name}.1"]
    assert layout.media_name(SHA, "tar.gz").endswith(".bin")
    with pytest.raises(NotUnderstood):
        layout.media_name("../etc", "jpg")


def test_a_name_below_media_is_read() -> None:
    name = layout.media_name(SHA, "jpg")
    assert layout.medium_of(name) == layout.Medium(sha256=SHA, extension="jpg")
    assert layout.medium_of(f"{name}.parts") == layout.Medium(sha256=SHA, extension="jpg", part="parts")
    assert layout.medium_of(f"{name}.12") == layout.Medium(sha256=SHA, extension="jpg", part="12")
    assert layout.medium_of(f"media/zz/{SHA}.jpg") is None
    assert layout.medium_of(f"media/{SHA[:2]}/{SHA}-MacBook.jpg") is None


def test_an_index_is_read_only_where_its_parts_fit_its_bytes() -> None:
    parts = [SHA, SHA]
    assert layout.read_index(layout.index_of((8 << 20) + 1, parts)) == ((8 << 20) + 1, parts)
    assert layout.read_index(layout.index_of((16 << 20) + 1, parts)) is None
    assert layout.read_index(b"{") is None
    assert layout.read_index(layout.index_of((8 << 20) + 1, [SHA, "no hash"])) is None


def test_format_json_names_the_study_and_says_who_may_read_it() -> None:
    assert layout.project_in(layout.format_of("0195-x")) == "0195-x"
    for torn in (b"", b"{", b"[]", b'{"project":"../x","min_reader":1}', b'{"project":"x"}'):
        with pytest.raises(NotUnderstood):
            layout.project_in(torn)
    with pytest.raises(NewerThere, match="newer FieldLog"):
        layout.project_in(b'{"project":"x","min_reader":3}')


def test_a_head_is_read_as_it_was_written_and_anything_else_is_none() -> None:
    head = Head(lane="team", n=7, head=SHA, device="d", at="2025-03-16T08:00:00+00:00", names="x", damaged=("y",))
    assert layout.read_head(layout.head_of(head)) == head
    for torn in (b"", b"[]", b'{"n":-1}', b'{"n":1,"lane":2}', b'{"n":1,"damaged":"x"}', b'{"n":1,"damaged":[3]}'):
        assert layout.read_head(torn) is None


def test_a_hash_over_names_does_not_depend_on_their_order() -> None:
    assert layout.hash_of_names(["a", "b"]) == layout.hash_of_names(["b", "a"])
    assert layout.hash_of_names(["a", "b"]) != layout.hash_of_names(["a"])


def test_segments_with_another_name_are_others() -> None:
    one = layout.segment_made(WRITER, 1, 1, DATA)
    assert one != Segment(writer=WRITER, first=1, last=2, bytes=one.bytes, sha=one.sha)
