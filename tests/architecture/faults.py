"""Faults to be planted, and what each rule says of them; and what breaks none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.architecture.done_in_one_place import (
    clocks_are_read_at_the_front_door,
    files_are_reached_through_the_disk,
    only_faces_catch_everything,
    the_ledgers_file_is_named_in_the_ledger,
    what_folding_keeps_is_named_where_records_are_folded,
    whatever_is_saved_is_saved_in_one_place,
)
from tests.architecture.insides_of_flet import insides_of_flet_stay_in_one_file
from tests.architecture.packages_and_phones import (
    packages_from_outside_stay_in_their_homes,
    phones_are_asked_for_nothing_they_lack,
    what_only_the_laptop_has_is_imported_late,
)
from tests.architecture.plan import INSIDES, MOST_FILES, MOST_LINES
from tests.architecture.rooms_and_folders import (
    a_name_stands_once_in_a_room,
    folders_are_small,
    folders_are_those_of_the_plan,
    folders_know_only_those_below,
    long_files_say_why,
    names_say_what_is_inside,
    no_file_comes_back_to_itself,
    rooms_are_those_of_the_plan,
    rooms_know_only_whom_they_may,
)

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
    folders_are_those_of_the_plan: [
        ("ui/attic/box.py", "x = 1", "attic"),
        ("services/attic.py", "x = 1", "attic"),
    ],
    folders_know_only_those_below: [
        ("ui/window/window.py", "from fieldlog.ui.memo.actions import MemoJourney", "memo"),
        ("ui/memo/bar.py", "from fieldlog.ui.photo.actions import PhotoJourney", "photo"),
        ("ui/memo/bar.py", "if TYPE_CHECKING:\n    from fieldlog.ui.now import screen", "now.screen"),
        ("ui/parts/basics.py", "def go():\n    from fieldlog.ui.window.state import Shell", "window"),
        ("services/study/workspace.py", "from fieldlog.services.desk import Desk", "desk"),
        ("services/day/plan.py", "import fieldlog.services.entry.revisions", "entry"),
        ("archive/day/page.py", "from fieldlog.archive.living import write", "living"),
        ("media/vault.py", "from ..media.photo import exif", "photo"),
    ],
    folders_are_small: [
        ("ui/rows/z.py", "x = 1" + "".join(f"\f ui/rows/a{n}.py\nx = 1" for n in range(MOST_FILES)), "ui/rows"),
    ],
    long_files_say_why: [
        ("ui/now/rail.py", '"""The rail."""' + "\nx = 1" * MOST_LINES, "301 lines"),
    ],
    no_file_comes_back_to_itself: [
        (
            "ui/parts/basics.py",
            "import fieldlog.ui.parts.layout\f ui/parts/layout.py\nfrom fieldlog.ui.parts.basics import text",
            "basics → fieldlog.ui.parts.layout → fieldlog.ui.parts.basics",
        ),
        (
            "media/kinds.py",
            "if TYPE_CHECKING:\n    from fieldlog.media import safe_names\f media/safe_names.py\n"
            "def go():\n    import fieldlog.media.reading\f media/reading.py\nfrom .kinds import kind",
            "circle",
        ),
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
        ("services/desk.py", "import js", "services/pocket"),
        ("ui/photo/camera.py", "def go():\n    from pyodide.ffi import to_js", "ui/pocket"),
        ("services/copies/bundle.py", "def go():\n    import cryptography", "sealed/openssl"),
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
        ("services/rows/entries.py", "def shown(doc):\n    return '_erased' not in doc", "_erased"),
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
    a_name_stands_once_in_a_room: [
        ("services/rows/people.py", "x = 1", "services/register/people.py"),
        ("services/study/deep/people.py", "x = 1", "services/register/people.py"),
    ],
    insides_of_flet_stay_in_one_file: [
        ("ui/app.py", "from flet.components.component import Component", "flet.components.component.Component"),
        ("ui/app.py", "def go():\n    from flet_web.fastapi.flet_app import FletApp", "flet_web.fastapi.flet_app"),
        ("server/hub.py", "import flet.messaging.session", "flet.messaging.session"),
        ("ui/app.py", "def go(box):\n    return box._i", "_i"),
        ("ui/app.py", "class App:\n    def go(self):\n        self.box._i", "_i"),
        ("pocket.py", "def go(box):\n    return getattr(box, '_i')", "_i"),
        ("ui/app.py", "LOOP = '_FletApp__send_loop'", "_FletApp__send_loop"),
        ("ui/app.py", "import flet as ft\nft.Page.update = print", "ft.Page.update"),
        ("ui/app.py", "def go(page):\n    page.session.error = print", "page.session"),
        ("ui/app.py", "def go(window):\n    session = window.page.session", "window.page.session"),
    ],
}


HARMLESS = [
    ("ui/day/actions.py", "x = 1"),
    ("ui/register/people.py", "x = 1"),
    ("ui/pocket/channel.py", "import js\nfrom pyodide.ffi import to_js"),
    (INSIDES, "from flet.components.component import Component\nComponent.update = print"),
    ("ui/app.py", "def go(page):\n    page.session.store.set('x', page.session.id)"),
    ("ui/app.py", "class One:\n    def _open(self): ...\n    @classmethod\n    def of(cls, one): one._open()"),
    ("services/desk.py", "def go(desk):\n    return desk._sit"),
    ("model/ports.py", "class Disk:\n    async def open(self, path): ...\n    async def list(self): ..."),
    ("model/day.py", "from datetime import datetime\nfrom . import moment\nfrom fieldlog import __version__"),
    ("disk/posix.py", "import fcntl\nfrom pathlib import Path\nfrom fieldlog.model.errors import NotSaved"),
    ("store/views.py", "import tinydb\nfrom fieldlog.model import ports\nfrom fieldlog.store import journal"),
    ("store/journal.py", "async def go(disk, glob):\n    await disk.open(glob.time)"),
    ("media/photo/picture.py", "import pydub\nfrom PIL import Image"),
    ("media/derived.py", "def thumbnail():\n    from fieldlog.media.photo.picture import thumbnail"),
    ("archive/export/pdf.py", "def draw():\n    from PIL import ImageDraw"),
    ("services/machine/machine.py", "import time\nfrom datetime import UTC, datetime\nx = datetime.now(UTC)"),
    ("services/study/workspace.py", "def laptop():\n    from fieldlog.disk.posix import PosixDisk"),
    ("services/memo/pace.py", "import time\nstarted = time.perf_counter()"),
    (
        "ui/app.py",
        "import flet as ft\nfrom fieldlog.services import capture\ntry: ...\nexcept Exception: ...",
    ),
    ("cli.py", "import click\nimport rich.table\ndef app():\n    from fieldlog.ui import app"),
    ("__main__.py", "from fieldlog.cli import main"),
    ("archive/living/bag.py", "try: pass\nexcept (ValueError, OSError): pass"),
    ("store/store.py", "try: pass\nexcept BaseException:\n    close()\n    raise"),
    ("store/store.py", "def again(self):\n    self.commit('team', [])"),
    ("model/standing.py", "def erased(doc):\n    return '_erased' in doc"),
    ("services/study/workspace.py", "async def save(self):\n    self.store.commit('team', [])"),
    ("services/copies/ledger.py", "FILE = 'settings.json'"),
    ("services/study/kept.py", '"""The small files: `settings.json` and others; a document\'s `_u`."""'),
    ("services/imports/notes_taking.py", "MARKS = '_cells'"),
]


STANDS_THERE = "services/register/people.py"


def plant(root: Path, path: str, code: str) -> None:
    """A file with a fault, and behind each form feed another one, which begins with its path."""
    first, *others = code.split("\f ")
    for where, what in [(path, first), *(tuple(one.split("\n", 1)) for one in others)]:
        file = root / "fieldlog" / where
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(what + "\n", encoding="utf-8")
