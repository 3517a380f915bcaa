"""A process that has imported `fieldlog` already, and forks for each run of it.

A run is a process of its own, with its own arguments, environment, streams and end. What is saved are the imports,
which are most of what a start costs. A line of JSON asks for a run; a line with its exit code is the answer.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from importlib import import_module


def main() -> None:
    import rich.table  # noqa: F401

    from fieldlog.cli import main as fieldlog

    for verb in fieldlog.files.values():
        import_module(verb)
    gc.freeze()
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        run = os.fork()
        if not run:
            become(**asked)
            fieldlog(prog_name="fieldlog")
        _, status = os.waitpid(run, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(words: list[str], own: dict[str, str], streams: list[str]) -> None:
    """As Python sets up a process that is started: its streams are those files, in UTF-8."""
    os.environ.update(own)
    time.tzset()
    sys.argv[1:] = words
    for number, path in enumerate(streams):
        opened = os.open(path, os.O_WRONLY if number else os.O_RDONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main()
