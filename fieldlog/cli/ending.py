"""How a command ends: with an exit code, and a sentence where it was refused; never in Python's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from fieldlog.cli.speaking import _, complain, flush, hush, line, told
from fieldlog.model.errors import FieldLogError
from fieldlog.model.reasons import reason
from fieldlog.model.sentence import Sentence

STOPPED, NOBODY_READS = 130, 141
"""As shells have it: 128 and the number of the signal, SIGINT or SIGPIPE."""


class NobodyReads(Exception):
    """The other end of the output is closed. No `OSError`: Click would end those in its own way."""


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as why:
        raise NobodyReads from why


def ended(work: Callable[[], Any]) -> int:
    """Do it, say what is left to say, and return the exit code."""
    code, complaint = _done(work)
    try:
        flush()
    except BrokenPipeError:
        hush()
        code, complaint = code or NOBODY_READS, "" if code == 0 else complaint
    except FieldLogError as refusal:
        hush()
        code, complaint = code or 1, complaint or _refused(refusal)
    if complaint:
        complain(complaint)
    return code


def _done(work: Callable[[], Any]) -> tuple[int, str]:
    """The exit code, and what is to be said on stderr."""
    try:
        found = work()
    except FieldLogError as refusal:
        return 1, _refused(refusal)
    except click.ClickException as wrong:
        return wrong.exit_code, _misused(wrong)
    except (KeyboardInterrupt, EOFError, click.Abort):
        return STOPPED, _("Stopped.")
    except NobodyReads:
        return NOBODY_READS, ""
    except OSError as why:
        return 1, refusal_of(why)
    return (found if isinstance(found, int) else 0), ""


def refusal_of(why: FieldLogError | OSError) -> str:
    """What is said of a refusal, ours or the system's, on one line."""
    if isinstance(why, FieldLogError):
        return _refused(why)
    where = str(why.filename or "")
    said = Sentence("{path}: {why}.", path=where, why=reason(why)) if where else Sentence(
        "Something could not be read or written ({why}).", why=reason(why)
    )  # fmt: skip
    return _refused(FieldLogError(said))


def _refused(refusal: FieldLogError) -> str:
    return line(_("FieldLog: {sentence}").format(sentence=told.told(refusal)))


def _misused(wrong: click.ClickException) -> str:
    """Usage, where to read more, and what is wrong."""
    words = [_("Error: {message}").format(message=wrong.format_message())]
    if isinstance(wrong, click.UsageError) and wrong.ctx is not None:
        more = _("Try '{command} {option}' for help.").format(command=wrong.ctx.command_path, option="--help")
        words = [wrong.ctx.get_usage(), more, "", *words]
    return "\n".join(words)
