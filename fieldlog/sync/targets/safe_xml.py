"""XML of a server nobody trusts: no DOCTYPE, so no entities, and not without end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MOST_BYTES = 16 * 2**20


class BadXml(ValueError):
    """It breaks off, is too long, or is no XML that is taken."""


async def read_xml(pieces: AsyncIterator[bytes]) -> Element:
    """The root; tags are written as `{namespace}name`. Raises `BadXml`."""
    tree, parser, count = TreeBuilder(), expat.ParserCreate(namespace_separator="}"), 0
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: tree.start(_tag(name), attributes)
    parser.EndElementHandler = lambda name: tree.end(_tag(name))
    parser.CharacterDataHandler = tree.data
    try:
        async for piece in pieces:
            count += len(piece)
            if count > MOST_BYTES:
                raise BadXml
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as why:
        raise BadXml from why
    return tree.close()


def _tag(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse(*_: Any) -> None:
    raise BadXml
