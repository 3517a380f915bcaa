"""An earlier FieldLog under the names of now: files were moved, what is in them mostly was not.

    python -m tests.bench.earlier MODULE …

Runs a module whose imports name files as they lie now. Where a file does not lie there yet, what is asked of it is
looked for in the file that held it then. What is nowhere says so when it is used, and not before.
"""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

HOUSE = "fieldlog"
_TOLD = re.compile(r"^(?:(?:async )?def|class) (\w+)|^(\w[\w, ]*)(?:: [^=\n]+)? = ", re.MULTILINE)


class NotThere(Exception):
    """What is measured has no such thing."""


class _Nowhere:
    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_: object, **__: object) -> NoReturn:
        raise NotThere(f"there is no {self._name} yet")

    def __getattr__(self, _: str) -> NoReturn:
        self()


class Moved(MetaPathFinder, Loader):
    """Finds what is in its place; makes a module of its name of everything else of ours."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(f"{HOUSE}."):
            return None
        spec = PathFinder.find_spec(name, path, target) or ModuleSpec(name, self)
        if spec.submodule_search_locations is None:
            spec.submodule_search_locations = []  # a file may have become a folder: what lies in it is looked for
        return spec

    def exec_module(self, module: ModuleType) -> None:
        where = module.__name__
        module.__dict__["__getattr__"] = lambda name: found(name, where)


def found(name: str, where: str) -> Any:
    """What the module `where` would hold under this name, from the file that is most like it."""
    if name.startswith("__"):
        raise AttributeError(name)
    room, parts = where.split(".")[1], set(where.split("."))
    holders = [one for one in _holders().get(name, ()) if one.split(".")[1:2] == [room]]
    if not holders:
        return _Nowhere(name)
    best = max(holders, key=lambda one: len(parts & set(one.split("."))))
    module = import_module(best)
    return module if best.endswith(f".{name}") else getattr(module, name)


@cache
def _holders() -> dict[str, list[str]]:
    """Every file, and every name at the top of one, with the modules that have it."""
    holders: dict[str, list[str]] = {}
    house = Path(str(import_module(HOUSE).__file__)).parent
    for file in sorted(house.rglob("*.py")):
        module = ".".join(file.relative_to(house.parent).with_suffix("").parts).removesuffix(".__init__")
        holders.setdefault(file.stem, []).append(module)
        for told in _TOLD.finditer(file.read_text("utf-8")):
            for name in (told[1] or told[2]).split(","):
                holders.setdefault(name.strip(), []).append(module)
    return holders


def main() -> None:
    sys.meta_path.insert(0, Moved())
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    import_module("tests.bench.earlier").main()
