"""Imports what it is told to as a phone does: from source alone, and nothing but what a phone has.

    python -m tests.release.only_source ALLOWED MODULE …

`ALLOWED` are the names of packages, with commas between; Python's own modules are always there. Where something is
missing or compiled, the exit code is 1 and the refusal stands on stderr.
"""

from __future__ import annotations

import importlib
import sys
import sysconfig
from collections.abc import Sequence
from importlib.abc import MetaPathFinder, PathEntryFinder
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType

OWN = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
INSTALLED = {"site-packages", "dist-packages"}
from_source = FileFinder.path_hook((SourceFileLoader, SOURCE_SUFFIXES))


class OnlyThese(MetaPathFinder):
    """Refuses every package that is not allowed."""

    def __init__(self, allowed: set[str]) -> None:
        self._allowed = allowed | sys.stdlib_module_names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self._allowed:
            raise ModuleNotFoundError(f"a phone has no {fullname}", name=fullname)
        return None


def no_compiled(path: str) -> PathEntryFinder:
    """The path hook of all that is not Python's own."""
    here = Path(path)
    if not INSTALLED & set(here.parts) and any(here.is_relative_to(place) for place in OWN):
        raise ImportError
    return from_source(path)


def main() -> None:
    allowed, *modules = sys.argv[1:]
    sys.path_hooks.insert(0, no_compiled)
    sys.path_importer_cache.clear()
    sys.meta_path.insert(0, OnlyThese(set(allowed.split(","))))
    for module in modules:
        importlib.import_module(module)


if __name__ == "__main__":
    main()
