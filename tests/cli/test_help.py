"""What the terminal says of itself: help with examples, and what is wrong with a command, in both languages."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from fieldlog.cli import main
from fieldlog.cli.door import VERBS
from fieldlog.cli.verb import Verb, Verbs
from fieldlog.ui.words.words import translation
from tests.cli.terminal import fieldlog

FOR_PROGRAMMERS = re.compile(
    "Deprecat|deprecat|declaration|No options defined|Could not determine|twice|iterable|same flag|start character"
    "|Choice|Confirm|Do you want|UUID|match the format|values are required"
)
"""What Click says to who writes a program, or of what ours has not: dates, questions, ids."""


def every(command: click.Command, path: str = "fieldlog") -> Iterator[tuple[str, Verb]]:
    assert isinstance(command, Verb), path
    yield path, command
    if isinstance(command, Verbs):
        asked = click.Context(command)
        for name in command.list_commands(asked):
            one = command.get_command(asked, name)
            assert one, name
            yield from every(one, f"{path} {name}")


COMMANDS = dict(every(main))


def test_there_is_a_file_for_each_verb() -> None:
    assert {path.split()[1] for path in COMMANDS if " " in path} == {
        file.rpartition(".")[2].removesuffix("_") for file in VERBS.values()
    }


@pytest.mark.parametrize("path", COMMANDS)
def test_each_command_has_examples_that_could_be_typed(path: str) -> None:
    assert COMMANDS[path].examples
    for typed, does in COMMANDS[path].examples:
        assert typed.startswith("fieldlog")
        assert does.endswith(".")
        assert typed in translation("zh").gettext(typed) or "fieldlog" in translation("zh").gettext(typed)
        assert translation("zh").gettext(does) != does
        words = [word for word in shlex.split(typed) if not word.startswith("<")]
        known = {option for _, one in every(main) for option in options_of(one)} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, typed
        verbs = [word for word in words[1:] if not word.startswith("-")]
        assert not verbs or any(word in main.commands for word in verbs), typed


def options_of(command: click.Command) -> set[str]:
    return {option for one in command.params for option in one.opts}


def test_help_is_in_the_language_of_the_reader(data: Path) -> None:
    for path in COMMANDS:
        said = fieldlog(data, *path.split()[1:], "--help", lang="zh").stdout
        assert said.startswith("用法："), path
        assert "示例" in said
        for english in ("Usage", "Options", "Show", "Examples", "OPTIONS", "TEXT", "INTEGER", "default"):
            assert english not in said, path
    assert 'Examples:\n  fieldlog log "The lamp' in fieldlog(data, "log", "--help").stdout


@pytest.mark.parametrize(
    ("typed", "en", "zh"),
    [
        ("sing", "No such command 'sing'.", "没有命令 'sing'。"),
        ("days --foo", "No such option '--foo'.", "没有选项 '--foo'。"),
        ("log", "Missing argument 'TEXT'.", "缺少参数 '文字'"),
        ("log a b", "Got unexpected extra argument (b)", "多出的参数：b"),
        ("log x --type", "Option '--type' requires an argument.", "选项 '--type' 需要 1 个值。"),
        ("log x --at soon", "“soon” is no time.", "“soon”不是时间。"),
        ("studies new X --days x", "'x' is not a valid whole number.", "'x' 不是整数。"),
        ("--port 0 days", "0 is not in the range", "0 不在 1<=x<=65535 范围内"),
        ("erase x --reason no", "'no' is not one of", "'no' 不在 "),
        ("import /nowhere", "does not exist", "不存在"),
        ("archive /bin/sh", "is a file", "是文件"),
    ],
)
def test_wrong_usage_is_said_in_either_language(data: Path, typed: str, en: str, zh: str) -> None:
    for lang, says in (("en", en), ("zh", zh)):
        ran = fieldlog(data, *typed.split(), lang=lang)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert says in ran.stderr
        for pythons in ("NoneType", "Errno", "Traceback", "Error:" if lang == "zh" else "错误"):
            assert pythons not in ran.stderr
    assert not data.exists()


def test_whatever_click_can_say_to_a_person_is_in_chinese() -> None:
    chinese, found = translation("zh"), list(said_by_click())
    assert len(found) > 25
    for texts in found:
        said = chinese.ngettext(texts[0], texts[1], 2) if len(texts) == 2 else chinese.gettext(texts[0])
        assert said not in texts


def said_by_click() -> Iterator[list[str]]:
    """Its sentences, in the singular and the plural where there are two."""
    folder = Path(click.__file__).parent
    for name in ("core", "decorators", "exceptions", "formatting", "parser", "types"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext", "_ngettext"):
                constants = [one.value for one in node.args if isinstance(one, ast.Constant)]
                texts = [one for one in constants if isinstance(one, str)]
                if texts and not FOR_PROGRAMMERS.search(texts[0]):
                    yield texts
