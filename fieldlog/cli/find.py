"""`fieldlog find`: entries that answer a query, in the same words as on screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import click

from fieldlog.cli.door import main
from fieldlog.cli.rows import as_json, print_rows, show_entries
from fieldlog.cli.speaking import _, complain, told
from fieldlog.cli.working import in_study, run
from fieldlog.services.review.find import find as found_in
from fieldlog.services.review.find import rows
from fieldlog.services.review.query import CLOSING, Word, parse
from fieldlog.services.study.workspace import Workspace


@main.command(
    help=_("Entries that hold all these words, newest day first; a quoted phrase is one word."),
    examples=(
        (_("fieldlog find drawer"), _("In every field, in any script.")),
        (_('fieldlog find "once more" --in text'), _("A phrase, in the notes alone.")),
        (_("fieldlog find rain OR snow -person:P07"), _("One of two words, where P07 is not named.")),
        (
            _("fieldlog find day:PD03..PD05 type:TN,MN code:labour"),
            _("Filters instead of words: also time, scene, place, session, kind, said, sure, late, is, has."),
        ),
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("words", nargs=-1, required=True, metavar=_("WORDS..."))
@click.option(
    "--in", "scope", type=click.Choice(["all", "text", "names"]), default="all", help=_("Where to look.")
)
@click.option(
    "--both-scripts", "fold", is_flag=True, help=_("Traditional and simplified characters count as the same.")
)
@as_json
@click.pass_context
def find(ctx: click.Context, words: tuple[str, ...], scope: str, fold: bool, as_json: bool) -> None:
    async def read(work: Workspace) -> None:
        found = found_in(work, _typed(words), scope, fold=fold)
        for sentence in found.said:
            complain(told.told(sentence))
        print_rows(rows(work, found), as_json, partial(show_entries, zone=work.zone))

    run(in_study(ctx, read, write=False))


def _typed(words: Sequence[str]) -> str:
    """The query that the arguments make. One with spaces is a phrase, unless it is more than words."""
    return " ".join(_quoted(word) if len(word.split()) > 1 else word for word in words)


def _quoted(words: str) -> str:
    parts = parse(words).parts
    if not all(isinstance(part, Word) and words[part.start : part.end] == part.text for part in parts):
        return words
    marks = next((marks for marks in CLOSING.items() if marks[1] not in words), None)
    return words.join(marks) if marks else words
