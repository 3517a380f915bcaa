"""The rules of the house, read off the source of `fieldlog/` without importing it.

Each rule is a function from a checkout to sentences, one a breach; each is seen to fail on faults
planted in a copy. The tables below are the house's plan: a change of plan is a change of a table.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
WORKSHOPS = {"disk", "store", "media", "sync", "archive"}
FACES = {"server", "ui", "cli", "pocket"}

# Who may know whom, besides itself. A room is a folder or a file right under fieldlog/.
MAY_KNOW: dict[str, set[str]] = {
    "model": set(),
    **{workshop: {"model"} for workshop in WORKSHOPS},
    "services": {"model", *WORKSHOPS},
    "server": {"model", "services"},
    "ui": {"model", "services"},
    "cli": {"model", "services", "server", "ui"},  # the laptop's front door: `fieldlog` opens the other faces
    "pocket": {"model", "services", "server", "ui"},  # the phone's front door, as the other is the laptop's
    "__main__": {"cli"},
    "__init__": set(),  # the version, which everybody may read
}

# Where each package from outside may be imported: a room, a folder or a file under fieldlog/.
HOMES: dict[str, set[str]] = {
    "tinydb": {"store"},
    "pydub": {"media"},
    "audioop": {"media"},
    "PIL": {"media", "archive/formats"},
    "flet": {"ui", "server", "pocket"},
    "flet_audio": {"ui"},
    "flet_audio_recorder": {"ui"},
    "flet_camera": {"ui"},
    "flet_web": {"ui", "server"},
    "fastapi": {"server"},
    "starlette": {"server"},
    "uvicorn": {"server", "ui"},
    "click": {"cli"},
    "rich": {"cli"},
    "httpx": {"sync", "services"},
    "charset_normalizer": {"services"},
    "openpyxl": {"services"},
    "tzlocal": {"services"},
    "js": {"disk/opfs*.py", "media/photo/canvas.py", "server/channel.py", "sync", "services", "ui"},
    "pyodide": {"disk/opfs*.py", "media/photo/canvas.py", "server/channel.py", "sync", "services", "ui"},
}

# Files that never run on a phone. They may import what a phone has not, at their top; in return
# everybody else imports them late, inside the function that needs them.
LAPTOP_ONLY = {
    "cli",
    "disk/posix.py",
    "disk/posix_handle.py",
    "disk/syscalls.py",
    "media/photo/picture.py",
    "server/arriving.py",
    "server/local.py",
    "server/media.py",
    "server/opening.py",
    "services/machine/threads.py",
    "__main__.py",
}
COMPILED = {"PIL", "pydub", "audioop"}
NOT_ON_A_PHONE = {
    *("threading", "_thread", "concurrent", "multiprocessing", "subprocess"),
    *("asyncio.to_thread", "asyncio.run_in_executor"),
    *("socket", "socketserver", "select", "selectors", "ssl", "http", "urllib.request"),
    *("fcntl", "msvcrt", "ctypes", "sqlite3"),
}

FRONT_DOOR = "services/machine/machine.py"
CLOCKS = {
    *("datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime"),
    *("time.monotonic", "time.monotonic_ns", "time.clock_gettime", "time.clock_gettime_ns"),
    *("uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7"),
}

# These rooms are given a Disk, and reach files in no other way.
GIVEN_A_DISK = {"model", "store", "media", "sync", "archive"}
FILES = {
    *("open", "io.open", "pathlib.Path", "shutil", "tempfile", "glob"),
    *(f"os.{verb}" for verb in ("open", "fsync", "listdir", "scandir", "walk", "stat", "mkdir", "makedirs")),
    *(f"os.{verb}" for verb in ("remove", "unlink", "rename", "replace", "rmdir", "link", "symlink")),
}

# What folding keeps in a document beside its fields is named where records are folded and stored.
FOLDS = {"_u", "_t", "_heads", "_past", "_adds", "_dels", "_gone", "_deleted", "_erased", "_fills", "_true"}
KNOW_THE_FOLD = {"model", "store"}

SAVES = "services/study/workspace.py"
LEDGER = "services/copies/ledger.py"
LEDGERS_FILE = "settings.json"

VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}


# -- reading the source


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A dotted name in a file: imported there (perhaps late, or for types only), or used."""

    name: str
    line: int
    imported: bool
    late: bool = False
    for_types: bool = False

    def is_in(self, names: set[str]) -> bool:
        """Whether this is one of `names`, or something inside one."""
        parts = self.name.split(".")
        return any(".".join(parts[:depth]) in names for depth in range(1, len(parts) + 1))


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file of fieldlog/; `path` is relative to it."""

    path: str
    tree: ast.Module
    mentions: tuple[Mention, ...]

    @property
    def room(self) -> str:
        return self.path.split("/")[0].removesuffix(".py")

    def lies_in(self, places: set[str]) -> bool:
        """Whether this file is one of `places`, or in a folder that is; `*` stands for any letters."""
        endings = ("", ".py", "/*")
        return any(fnmatch(self.path, place + ending) for place in places for ending in endings)

    def at(self, line: int, what: str) -> str:
        return f"fieldlog/{self.path}:{line} {what}"


def sources(root: Path) -> list[Source]:
    house = root / "fieldlog"
    return [read(file, file.relative_to(house).as_posix()) for file in sorted(house.rglob("*.py"))]


def read(file: Path, path: str) -> Source:
    return parse(file.read_text(encoding="utf-8"), path)


@cache
def parse(text: str, path: str) -> Source:
    tree = ast.parse(text, filename=path)
    imports = list(imports_in(tree, package=("fieldlog", *path.split("/")[:-1])))
    known_as = {alias: name for alias, name, _ in imports}
    uses = [use for node in ast.walk(tree) if (use := use_of(node, known_as))]
    return Source(path=path, tree=tree, mentions=tuple(mention for *_, mention in imports) + tuple(uses))


def imports_in(
    node: ast.AST, *, package: tuple[str, ...], late: bool = False, for_types: bool = False
) -> Iterator[tuple[str, str, Mention]]:
    """(the name it has in this file, the dotted name that stands for, the mention), one an import."""
    for child in ast.iter_child_nodes(node):
        for alias, name, imported in names_imported(child, package):
            line = line_of(child)
            yield (
                alias,
                name,
                Mention(name=imported, line=line, imported=True, late=late, for_types=for_types),
            )
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing = isinstance(node, ast.If) and is_type_checking(node.test) and child in node.body
        yield from imports_in(child, package=package, late=late or inside, for_types=for_types or typing)


def names_imported(node: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    match node:
        case ast.Import(names=names):
            for name in names:
                first = name.name.split(".")[0]
                yield name.asname or first, name.name if name.asname else first, name.name
        case ast.ImportFrom(module=module, names=names, level=level):
            base = package[: len(package) + 1 - level] if level else ()
            home = ".".join([*base, *([module] if module else [])])
            for name in names:
                yield name.asname or name.name, f"{home}.{name.name}", f"{home}.{name.name}"
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if is_importing(func):
            yield "", name, name
        case _:
            return


def is_importing(func: ast.expr) -> bool:
    """`__import__("x")`, `import_module("x")`, `importlib.import_module("x")`."""
    return getattr(func, "id", getattr(func, "attr", "")) in {"__import__", "import_module"}


def is_type_checking(test: ast.expr) -> bool:
    return getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING"


def use_of(node: ast.AST, known_as: dict[str, str]) -> Mention | None:
    """A use of something imported or built in; of a local name, only its handing work to a thread."""
    if isinstance(node, ast.Attribute) and node.attr == "run_in_executor":
        return Mention(name="asyncio.run_in_executor", line=line_of(node), imported=False)
    first, *rest = (dotted(node) or "").split(".")
    if not first or not (first in known_as or hasattr(builtins, first)):
        return None
    return Mention(name=".".join([known_as.get(first, first), *rest]), line=line_of(node), imported=False)


def dotted(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            return name
        case ast.Attribute(value=value, attr=attr) if (head := dotted(value)) is not None:
            return f"{head}.{attr}"
        case _:
            return None


def line_of(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))


# -- the rules


def rooms_are_those_of_the_plan(root: Path) -> list[str]:
    return [
        source.at(1, f"is in no room of the plan: {source.room}")
        for source in sources(root)
        if source.room not in MAY_KNOW
    ]


def rooms_know_only_whom_they_may(root: Path) -> list[str]:
    """Late imports and imports for types count: who names another room knows it."""
    return [
        source.at(mention.line, f"imports {mention.name}, but {source.room} may know {words(allowed)} only")
        for source in sources(root)
        for allowed in [MAY_KNOW.get(source.room, set())]
        for mention in source.mentions
        if mention.imported and (room := room_named(mention)) and room not in {source.room, *allowed}
    ]


def packages_from_outside_stay_in_their_homes(root: Path) -> list[str]:
    return [
        source.at(mention.line, f"imports {mention.name}, whose home is {words(homes)}")
        for source in sources(root)
        for mention in source.mentions
        if mention.imported and is_from_outside(mention.name)
        for homes in [HOMES.get(mention.name.split(".")[0], set())]
        if not source.lies_in(homes)
    ]


def phones_are_asked_for_nothing_they_lack(root: Path) -> list[str]:
    """No thread, process, socket, lock or database of the machine outside the laptop's files."""
    return [
        source.at(mention.line, f"uses {mention.name}, which a phone has not")
        for source in sources(root)
        if not source.lies_in(LAPTOP_ONLY)
        for mention in source.mentions
        if mention.is_in(NOT_ON_A_PHONE)
    ]


def what_only_the_laptop_has_is_imported_late(root: Path) -> list[str]:
    """Outside the laptop's files, both those files and compiled packages are imported inside functions."""
    late_only = COMPILED | {module_named(place) for place in LAPTOP_ONLY}
    return [
        source.at(mention.line, f"imports {mention.name} when it is itself imported; a phone could not")
        for source in sources(root)
        if not source.lies_in(LAPTOP_ONLY)
        for mention in source.mentions
        if mention.imported and not mention.late and not mention.for_types and mention.is_in(late_only)
    ]


def clocks_are_read_at_the_front_door(root: Path) -> list[str]:
    return [
        source.at(mention.line, f"reads {mention.name}; only {FRONT_DOOR} does, and hands it in")
        for source in sources(root)
        if source.path != FRONT_DOOR
        for mention in source.mentions
        if not mention.imported and mention.name in CLOCKS
    ]


def files_are_reached_through_the_disk(root: Path) -> list[str]:
    return [
        source.at(mention.line, f"uses {mention.name}; {source.room} reaches files through its Disk")
        for source in sources(root)
        if source.room in GIVEN_A_DISK and not source.lies_in(LAPTOP_ONLY)
        for mention in source.mentions
        if mention.is_in(FILES) and not (mention.imported and mention.for_types)
    ]


def only_faces_catch_everything(root: Path) -> list[str]:
    """Tidying up and raising the same again is not catching."""
    return [
        source.at(line, "catches every exception; name the ones that are expected")
        for source in sources(root)
        if source.room not in FACES
        for node in ast.walk(source.tree)
        if (line := catches_everything(node))
    ]


def what_folding_keeps_is_named_where_records_are_folded(root: Path) -> list[str]:
    return [
        source.at(line, f"names {text}, which only {words(KNOW_THE_FOLD)} may; ask model/standing.py")
        for source in sources(root)
        if source.room not in KNOW_THE_FOLD
        for line, text in texts(source.tree)
        if text in FOLDS
    ]


def whatever_is_saved_is_saved_in_one_place(root: Path) -> list[str]:
    """Elsewhere nobody asks whether there is room for it, and whether it says what can't be."""
    return [
        source.at(line_of(node), f"commits to the store; only {SAVES} does")
        for source in sources(root)
        if source.path != SAVES and source.room != "store"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def the_ledgers_file_is_named_in_the_ledger(root: Path) -> list[str]:
    return [
        source.at(line, f"names {LEDGERS_FILE}; only {LEDGER} does")
        for source in sources(root)
        if source.path != LEDGER
        for line, text in texts(source.tree)
        if LEDGERS_FILE in text
    ]


def names_say_what_is_inside(root: Path) -> list[str]:
    return [
        source.at(1, f"is called {vague}, which says nothing")
        for source in sources(root)
        for vague in sorted(VAGUE & set(re.split(r"[/_.]", source.path)))
    ]


RULES: list[Callable[[Path], list[str]]] = [
    rooms_are_those_of_the_plan,
    rooms_know_only_whom_they_may,
    packages_from_outside_stay_in_their_homes,
    phones_are_asked_for_nothing_they_lack,
    what_only_the_laptop_has_is_imported_late,
    clocks_are_read_at_the_front_door,
    files_are_reached_through_the_disk,
    only_faces_catch_everything,
    what_folding_keeps_is_named_where_records_are_folded,
    whatever_is_saved_is_saved_in_one_place,
    the_ledgers_file_is_named_in_the_ledger,
    names_say_what_is_inside,
]


def room_named(mention: Mention) -> str | None:
    """The room an import leads into; None outside the house, and for its version."""
    first, *rest = mention.name.split(".")
    return rest[0] if first == "fieldlog" and rest and rest[0] in MAY_KNOW else None


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a file and its line, but for those that stand by themselves, as docstrings do."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.lineno, node.value


def is_from_outside(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] not in sys.stdlib_module_names | {"fieldlog"}


def module_named(place: str) -> str:
    return "fieldlog." + place.removesuffix(".py").replace("/", ".")


def catches_everything(node: ast.AST) -> int:
    """The line of an `except:`, `except Exception` or `suppress(Exception)`; 0 for anything else."""
    match node:
        case ast.ExceptHandler(body=[*_, ast.Raise(exc=None)]):
            return 0
        case ast.ExceptHandler(type=None):
            return node.lineno
        case ast.ExceptHandler(type=ast.Tuple(elts=caught)):
            pass
        case ast.ExceptHandler(type=ast.expr() as one):
            caught = [one]
        case ast.Call(func=func, args=caught) if (dotted(func) or "").split(".")[-1] == "suppress":
            pass
        case _:
            return 0
    names = {(dotted(what) or "").split(".")[-1] for what in caught}
    return line_of(node) if names & {"Exception", "BaseException"} else 0


def words(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"


# -- the house keeps them


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Callable[[Path], list[str]]) -> None:
    assert rule(HOUSE) == []


def test_the_rules_are_read_off_the_real_house() -> None:
    rooms = {source.room for source in sources(HOUSE)}
    assert {"model", "disk", "store", "media", "services"} <= rooms


# -- and each is seen to fail

FAULTS: dict[Callable[[Path], list[str]], list[tuple[str, str, str]]] = {
    rooms_are_those_of_the_plan: [
        ("attic/box.py", "x = 1", "attic"),
        ("attic.py", "x = 1", "attic"),
    ],
    rooms_know_only_whom_they_may: [
        ("model/day.py", "from fieldlog.store import views", "fieldlog.store.views"),
        ("model/day.py", "from ..store import views", "fieldlog.store.views"),
        ("store/journal.py", "from fieldlog import media", "fieldlog.media"),
        ("disk/opfs.py", "import fieldlog.store.views", "fieldlog.store.views"),
        ("archive/days.py", "import fieldlog.media.vault as vault", "fieldlog.media.vault"),
        ("sync/plan.py", "def go():\n    import fieldlog.services", "fieldlog.services"),
        ("services/capture/capture.py", "from fieldlog.ui import app", "fieldlog.ui"),
        ("ui/app.py", "from fieldlog.cli import main", "fieldlog.cli"),
        ("ui/app.py", "from fieldlog.store import views", "fieldlog.store"),
        ("server/hub.py", "import fieldlog.ui.app", "fieldlog.ui"),
        ("cli.py", "from fieldlog.disk.posix import PosixDisk", "fieldlog.disk"),
        ("media/vault.py", "if TYPE_CHECKING:\n    from fieldlog.store import views", "fieldlog.store"),
        ("model/day.py", "import_module('fieldlog.store')", "fieldlog.store"),
    ],
    packages_from_outside_stay_in_their_homes: [
        ("services/review.py", "from tinydb import Query", "store"),
        ("store/views.py", "def go():\n    import pydub", "media"),
        ("archive/bag.py", "def go():\n    from PIL import Image", "media"),
        ("model/day.py", "import flet as ft", "ui"),
        ("services/day/plan.py", "import click", "cli"),
        ("ui/rows/views.py", "from rich.table import Table", "cli"),
        ("archive/send.py", "import httpx", "sync"),
        ("disk/memory.py", "import js", "disk/opfs"),
        ("model/day.py", "import pandas", "nobody"),
    ],
    phones_are_asked_for_nothing_they_lack: [
        ("store/journal.py", "import threading", "which a phone has not"),
        ("store/journal.py", "import subprocess", "which a phone has not"),
        ("disk/memory.py", "import fcntl", "which a phone has not"),
        ("disk/memory.py", "import msvcrt", "which a phone has not"),
        ("sync/hub.py", "import socket", "which a phone has not"),
        ("store/journal.py", "import sqlite3", "which a phone has not"),
        ("services/capture/capture.py", "from multiprocessing import Pool", "which a phone has not"),
        ("ui/app.py", "from concurrent.futures import ThreadPoolExecutor", "which a phone has not"),
        ("ui/app.py", "def go():\n    import threading", "which a phone has not"),
        ("ui/app.py", "import asyncio as aio\nx = aio.to_thread(print)", "asyncio.to_thread"),
        ("ui/app.py", "def go(loop): loop.run_in_executor(None, print)", "run_in_executor"),
    ],
    what_only_the_laptop_has_is_imported_late: [
        ("media/sound/peaks.py", "from PIL import Image", "PIL.Image"),
        ("media/sound/peaks.py", "try:\n    import pydub\nfinally: pass", "pydub"),
        ("media/sound/peaks.py", "class Peaks:\n    import audioop", "audioop"),
        ("services/study/workspace.py", "from fieldlog.disk.posix import PosixDisk", "fieldlog.disk.posix"),
        ("media/vault.py", "from .photo import picture", "fieldlog.media.photo.picture"),
    ],
    clocks_are_read_at_the_front_door: [
        (
            "services/capture/capture.py",
            "from datetime import UTC, datetime\nx = datetime.now(UTC)",
            "datetime.now",
        ),
        ("services/capture/capture.py", "import datetime as dt\nx = dt.datetime.now", "datetime.now"),
        ("model/day.py", "from datetime import date\nx = date.today()", "date.today"),
        ("disk/posix.py", "import time\nx = time.time()", "time.time"),
        ("store/journal.py", "from time import monotonic as tick\nx = tick()", "time.monotonic"),
        ("model/ids.py", "import uuid\nx = str(uuid.uuid4())", "uuid.uuid4"),
    ],
    files_are_reached_through_the_disk: [
        ("store/journal.py", "x = open('a')", "uses open"),
        ("store/views.py", "import os\nos.replace('a', 'b')", "os.replace"),
        ("archive/bag.py", "import shutil", "shutil"),
        ("media/vault.py", "from pathlib import Path", "pathlib.Path"),
    ],
    only_faces_catch_everything: [
        ("services/capture/capture.py", "try: pass\nexcept: pass", "catches every exception"),
        ("store/journal.py", "try: pass\nexcept Exception: pass", "catches every exception"),
        ("disk/posix.py", "try: pass\nexcept (OSError, BaseException): x = 1", "catches every exception"),
        ("sync/plan.py", "import contextlib\ncontextlib.suppress(Exception)", "catches every exception"),
    ],
    what_folding_keeps_is_named_where_records_are_folded: [
        ("services/rows/reading.py", "def shown(doc):\n    return '_erased' not in doc", "_erased"),
        ("ui/register/choices.py", "latest = sorted([], key=lambda doc: doc['_t'])", "_t"),
        ("archive/day/page.py", "RARE = frozenset({'count', '_heads'})", "_heads"),
        ("cli/rows.py", "def of(doc):\n    return doc.get('_u', '')", "_u"),
    ],
    whatever_is_saved_is_saved_in_one_place: [
        ("services/imports/imports.py", "def go(work):\n    work.store.commit('team', [])", "workspace"),
        ("ui/app.py", "save = store.commit", "workspace"),
    ],
    the_ledgers_file_is_named_in_the_ledger: [
        ("services/study/device.py", "FILE = 'settings.json'", "ledger"),
        ("ui/app.py", "def path(study):\n    return f'{study}/settings.json'", "ledger"),
    ],
    names_say_what_is_inside: [
        ("store/utils.py", "x = 1", "utils"),
        ("store/journal_helpers.py", "x = 1", "helpers"),
        ("services/common/day.py", "x = 1", "common"),
        ("services/sync_manager.py", "x = 1", "manager"),
    ],
}

HARMLESS = [
    ("model/ports.py", "class Disk:\n    async def open(self, path): ...\n    async def list(self): ..."),
    ("model/day.py", "from datetime import datetime\nfrom . import moment\nfrom fieldlog import __version__"),
    ("disk/posix.py", "import fcntl\nfrom pathlib import Path\nfrom fieldlog.model.errors import NotSaved"),
    ("store/views.py", "import tinydb\nfrom fieldlog.model import ports\nfrom fieldlog.store import journal"),
    ("store/journal.py", "async def go(disk, glob):\n    await disk.open(glob.time)"),
    ("media/photo/picture.py", "import pydub\nfrom PIL import Image"),
    ("media/vault.py", "def thumbnail():\n    from fieldlog.media.photo.picture import thumbnail"),
    ("archive/formats/pdf.py", "def draw():\n    from PIL import ImageDraw"),
    ("services/machine/machine.py", "import time\nfrom datetime import UTC, datetime\nx = datetime.now(UTC)"),
    ("services/study/workspace.py", "def laptop():\n    from fieldlog.disk.posix import PosixDisk"),
    ("services/pace.py", "import time\nstarted = time.perf_counter()"),
    (
        "ui/app.py",
        "import flet as ft\nfrom fieldlog.services import capture\ntry: ...\nexcept Exception: ...",
    ),
    ("cli.py", "import click\nimport rich.table\ndef app():\n    from fieldlog.ui import app"),
    ("__main__.py", "from fieldlog.cli import main"),
    ("archive/bag.py", "try: pass\nexcept (ValueError, OSError): pass"),
    ("store/store.py", "try: pass\nexcept BaseException:\n    close()\n    raise"),
    ("store/store.py", "def again(self):\n    self.commit('team', [])"),
    ("model/standing.py", "def erased(doc):\n    return '_erased' in doc"),
    ("services/study/workspace.py", "async def save(self):\n    self.store.commit('team', [])"),
    ("services/copies/ledger.py", "FILE = 'settings.json'"),
    ("services/study/kept.py", '"""The small files: `settings.json` and others; a document\'s `_u`."""'),
    ("services/imports/notes_taking.py", "MARKS = '_cells'"),
]


def plant(root: Path, path: str, code: str) -> None:
    file = root / "fieldlog" / path
    file.parent.mkdir(parents=True)
    file.write_text(code + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("rule", "path", "code", "says"), [(rule, *fault) for rule, faults in FAULTS.items() for fault in faults]
)
def test_a_planted_fault_is_seen_and_named(
    rule: Callable[[Path], list[str]], path: str, code: str, says: str, tmp_path: Path
) -> None:
    assert rule(tmp_path) == []
    plant(tmp_path, path, code)
    breaches = rule(tmp_path)
    assert breaches
    assert breaches[0].startswith(f"fieldlog/{path}:")
    assert says in breaches[0]


@pytest.mark.parametrize(("path", "code"), HARMLESS)
def test_what_the_plan_allows_breaks_no_rule(path: str, code: str, tmp_path: Path) -> None:
    plant(tmp_path, path, code)
    assert [breach for rule in RULES for breach in rule(tmp_path)] == []


def test_every_rule_has_been_seen_to_fail() -> None:
    assert set(FAULTS) == set(RULES)


# -- the lock

ADDRESS = re.compile(r"://|-index|--find")


def unlocked(pyproject: str, lock: str) -> list[str]:
    """What would let something unlocked in, or send another machine to an address of ours."""
    entries = [entry for entry in re.split(r"\n(?=\w)", re.sub(r"(?m)^#.*\n", "", lock).strip()) if entry]
    locked = {re.split(r"[=;\s]", entry)[0] for entry in entries}
    house = tomllib.loads(pyproject)
    groups: dict[str, list[str]] = house.get("dependency-groups", {})
    asked = [*house["project"]["dependencies"], *(want for group in groups.values() for want in group)]
    named = {re.split(r"[^\w-]", want)[0].lower() for want in asked}
    return [
        *(f"{name} is in pyproject.toml but not locked" for name in sorted(named - locked)),
        *(f"{entry.split()[0]} has no hash" for entry in entries if "--hash=sha256:" not in entry),
        *(f"{entry.split()[0]} has no exact version" for entry in entries if "==" not in entry.split()[0]),
        *(f"an address in the lock: {line}" for line in lock.splitlines() if ADDRESS.search(line)),
    ]


def test_the_lock_holds_every_package_with_hashes_and_no_address() -> None:
    pyproject = (HOUSE / "pyproject.toml").read_text(encoding="utf-8")
    lock = (HOUSE / "build" / "lock.txt").read_text(encoding="utf-8")
    assert unlocked(pyproject, lock) == []


@pytest.mark.parametrize(
    ("lock", "says"),
    [
        ("click==8.1 \\\n    --hash=sha256:00\n", "tinydb is in pyproject.toml but not locked"),
        ("tinydb==4.9\nclick==8.1 \\\n    --hash=sha256:00\n", "tinydb==4.9 has no hash"),
        ("click>=8 \\\n    --hash=sha256:00\n", "click>=8 has no exact version"),
        ("--index-url x\n", "an address in the lock"),
        ("click @ https://x/y.whl \\\n    --hash=sha256:00\n", "an address in the lock"),
    ],
)
def test_a_lock_with_a_hole_is_seen_and_named(lock: str, says: str) -> None:
    pyproject = '[project]\ndependencies = ["tinydb~=4.9", "click>=8"]\n'
    assert any(sentence.startswith(says) for sentence in unlocked(pyproject, lock))
