"""Why a file could not be read or written, as people say it: the system's own words are English, or none."""

from __future__ import annotations

import errno
import json

from fieldlog.model.sentence import Sentence

_SAID = {
    errno.ENOENT: Sentence("it is not there"),
    errno.EACCES: Sentence("it may not be touched by who is logged in here"),
    errno.EPERM: Sentence("it may not be touched by who is logged in here"),
    errno.EROFS: Sentence("the disk is for reading only"),
    errno.ENOSPC: Sentence("there is no space left"),
    errno.EDQUOT: Sentence("there is no space left"),
    errno.EISDIR: Sentence("it is a folder"),
    errno.ENOTDIR: Sentence("a file lies where a folder should be"),
    errno.EEXIST: Sentence("something of that name is there already"),
    errno.ENAMETOOLONG: Sentence("its name is too long"),
    errno.ELOOP: Sentence("its links lead round in a circle"),
    errno.EIO: Sentence("the disk failed"),
    errno.EBUSY: Sentence("another program is using it"),
    errno.EMFILE: Sentence("too many files are open"),
    errno.ENFILE: Sentence("too many files are open"),
}


def reason(error: OSError) -> Sentence:
    """What a system gave as its reason, in a few words."""
    said = _SAID.get(error.errno or 0)
    return said or Sentence("the system refused it with number {number}", number=error.errno or 0)


def no_json(error: ValueError) -> Sentence:
    """Why bytes are no JSON of ours."""
    if isinstance(error, json.JSONDecodeError):
        return Sentence("line {line}, character {column}", line=error.lineno, column=error.colno)
    if isinstance(error, UnicodeError):
        return Sentence("its letters are not UTF-8")
    return next((one for one in error.args if isinstance(one, Sentence)), Sentence("what it holds is no JSON"))
