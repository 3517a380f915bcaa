"""Checking a bundle: every fault of the file, of the lines in it and of the originals that they name."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

from fieldlog.model.errors import NotUnderstood
from fieldlog.model.line import decode
from fieldlog.model.records import StoredFile
from fieldlog.model.sentence import Sentence, sentence
from fieldlog.model.state import State
from fieldlog.services.copies.bundle_parts import SEAL_BYTES
from fieldlog.services.copies.bundle_read import Unpacked, original, unpack
from fieldlog.services.machine.long_work import Asked, Tell, Word, beside, breath, in_turns, never, tell_nobody
from fieldlog.services.machine.machine import laptop_offload
from fieldlog.services.rows.losses import SPOILT, lost_words, missing_words

CHANGED = sentence("{name} is not what it was when it was made: its SHA-256 is another than its end says.")
_CHUNK = 1 << 20


async def verify_bundle(path: Path, tell: Tell = tell_nobody, *, cancelled: Asked = never) -> list[str]:
    """Every fault as a sentence; reads every byte. Bundles of earlier versions have no hash over all of them, and
    are checked by what their members' names say. Raises `Cancelled`."""

    async def verify_it(word: Word) -> list[str]:
        with path.open("rb") as file:
            return await faults_in(file, path.name, word)

    return await beside(laptop_offload(), in_turns(verify_it), tell, cancelled)


async def faults_in(file: BinaryIO, name: str, word: Word) -> list[str]:
    """Every fault of the bundle in an open file, as a sentence."""
    word.total = 2 * file.seek(0, 2)
    try:
        bundle = await unpack(file, name)
    except NotUnderstood as why:
        return [why.args[0]]
    found = list(bundle.faults)
    if bundle.sealed and await _hash(file, word.total // 2 - SEAL_BYTES, word) != bundle.sealed:
        found.append(Sentence(CHANGED, name=name))
    spoilt = await _spoilt(file, bundle, word)
    state = State()
    state.apply(op for raws in bundle.lines.values() for raw in raws for op in decode(raw).ops)
    named = dict.fromkeys(one.sha256 for one in state.each(StoredFile) if one.sha256)
    gone = [sha256 for sha256 in named if sha256 not in bundle.media]
    found += [*lost_words(state, bundle.lost), *missing_words(state, spoilt, SPOILT), *missing_words(state, gone)]
    return list(dict.fromkeys(found))


async def _spoilt(file: BinaryIO, bundle: Unpacked, word: Word) -> list[str]:
    """The originals that are not what their names say."""
    found = []
    for sha256, way in bundle.media.items():
        hashing = hashlib.sha256()
        for piece in original(file, way):
            hashing.update(piece)
            word.moved(len(piece))
            await breath()
        found += [sha256] if hashing.hexdigest() != sha256 else []
    return found


async def _hash(file: BinaryIO, end: int, word: Word) -> str:
    hashing, at = hashlib.sha256(), 0
    while at < end:
        file.seek(at)
        piece = file.read(min(_CHUNK, end - at))
        if not piece:
            break
        hashing.update(piece)
        word.moved(len(piece))
        at += len(piece)
        await breath()
    return hashing.hexdigest()
