"""A command with examples in its help."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from fieldlog.cli.ending import ended, until_nobody_reads
from fieldlog.cli.speaking import _, readable

Examples = tuple[tuple[str, str], ...]
"""What one types, and what it does."""


class Verb(click.Command):
    """`examples` stand at the end of its help."""

    def __init__(self, *args: Any, examples: Examples = (), **more: Any) -> None:
        more.setdefault("options_metavar", _("[OPTIONS]"))
        super().__init__(*args, **more)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Examples")):
            for typed, does in self.examples:
                formatter.write(f"  {typed}\n      {does}\n")

    def get_short_help_str(self, limit: int = 45) -> str:
        """All of it: a list of commands says each whole."""
        return self.help or ""


class Verbs(Verb, click.Group):
    """A command with others under it; `files` are those of its verbs, each imported when its verb is asked for."""

    command_class = Verb

    def __init__(self, *args: Any, files: Mapping[str, str] | None = None, **more: Any) -> None:
        more.setdefault("subcommand_metavar", _("COMMAND [ARGS]..."))
        super().__init__(*args, **more)
        self.files = files or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.files, *self.commands})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.files:
            import_module(self.files[cmd_name])
        return super().get_command(ctx, cmd_name)

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with until_nobody_reads():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with until_nobody_reads():
            return super().invoke(ctx)

    def main(self, *args: Any, standalone_mode: bool = True, **more: Any) -> Any:
        """Run it and leave with its exit code."""
        readable(sys.stdout, sys.stderr)
        inside: Any = super().main
        sys.exit(ended(lambda: inside(*args, standalone_mode=False, **more)))


Verbs.group_class = Verbs
