"""The plan of the house as tables: a change of plan is a change of a table.

The rules that hold it lie beside it, each a function from a checkout to sentences, one a breach.
"""

from __future__ import annotations

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


# The folders of a room (and files at its root), bottom first: each may import from those above it in its list,
# never from one beside it. Inside a folder all may, but for circles.
LAYERS: dict[str, list[set[str]]] = {
    "media": [
        {"reading", "kinds", "safe_names", "written"},
        {"boxes", "times_in_names", "structure"},
        {"vault"},
        {"sound", "photo"},
        {"times"},
        {"verdict"},
        {"derived"},
        {"intake"},
    ],
    "archive": [{"names"}, {"day"}, {"living", "export"}],
    "services": [
        {"machine"},
        {"study"},
        {"capture", "register"},
        {"rows", "serving"},
        {"held"},
        {"day", "entry", "conflicts"},
        {"imports"},
        {"copies"},
        {"archive", "incoming", "practice"},
        {"sync", "export"},
        {"hub"},
        {"erase"},
        {"memo"},
        {"review"},
        {"desk"},
        {"pocket"},
    ],
    "ui": [
        {"words", "parts"},
        {"pictures"},
        {"window"},
        {"rows"},
        {"field"},
        {"register"},
        {"memo", "photo", "archive"},
        {"alone"},
        {"erase", "day", "pocket", "take", "conflicts"},
        {"now", "entry"},
        {"device", "review", "sync", "export"},
        {"find"},
        {"journeys"},
        {"top_bars"},
        {"frame", "sheets"},
        {"app"},
    ],
}


# Planned, and not there yet.
NOT_YET = {"archive/export", "services/export", "ui/export"}


MOST_FILES = 9
"""In a folder of services/ or ui/, besides `__init__`."""


MOST_LINES, REASON = 300, "Longer than other files"


# Where each package from outside may be imported: a room, a folder or a file under fieldlog/.
HOMES: dict[str, set[str]] = {
    "tinydb": {"store"},
    "pydub": {"media"},
    "audioop": {"media"},
    "PIL": {"media", "archive/export"},
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
    "httpx": {"sync", "services/sync"},
    "charset_normalizer": {"services"},
    "openpyxl": {"services"},
    "segno": {"ui/parts/qr.py", "cli"},
    "tzlocal": {"services"},
    "aioquic": {"server/hub"},
    "cryptography": {"services/copies/sealed/openssl.py", "server/hub"},
    "keyring": {"services/sync/secrets.py"},
    "js": {"disk/opfs*.py", "media/photo/canvas.py", "server/channel.py", "services/pocket", "ui/pocket"},
    "pyodide": {"disk/opfs*.py", "media/photo/canvas.py", "server/channel.py", "services/pocket", "ui/pocket"},
}


# What Flet documents. Whatever else of it is leant on, is so in one file.
DOCUMENTED = {"flet", "flet.canvas", "flet_web.fastapi.app", "flet_web.fastapi.app_manager"}


DOCUMENTED_OF_A_SESSION = {"store", "id"}


INSIDES = "ui/window/flet_insides.py"


# Leans on what another package does not document; it knows nothing of Flet.
OF_OTHERS = {"server/hub/quic_insides.py"}


MEETS_FLET = {"ui", "server", "pocket"}


# What no file imports, and why it is asked for all the same.
NOT_IMPORTED = {
    "tzdata": "zoneinfo reads it where the system has no zones",
    "pydub": "clips will use it",
    "audioop-lts": "pydub needs it from Python 3.13 on",
}


CALLED_OTHERWISE = {"pillow": "PIL"}


# Files that never run on a phone. They may import what a phone has not, at their top; in return
# everybody else imports them late, inside the function that needs them.
LAPTOP_ONLY = {
    "cli",
    "disk/posix.py",
    "disk/posix_handle.py",
    "disk/syscalls.py",
    "media/photo/picture.py",
    "server/arriving.py",
    "server/hub",
    "server/local.py",
    "server/media.py",
    "server/opening.py",
    "services/copies/sealed/openssl.py",
    "services/machine/threads.py",
    "sync/laptop_http.py",
    "sync/laptop_pinned.py",
    "sync/laptop_way.py",
    "__main__.py",
}


COMPILED = {"PIL", "pydub", "audioop", "cryptography"}


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


# What each journey has, under the same name.
IN_EVERY_JOURNEY = {"__init__", "actions", "views", "state", "screen", "sheets"}


# What folding keeps in a document beside its fields is named where records are folded and stored.
FOLDS = {"_u", "_t", "_heads", "_past", "_adds", "_dels", "_gone", "_deleted", "_erased", "_fills", "_true"}


KNOW_THE_FOLD = {"model", "store"}


SAVES = "services/study/workspace.py"


LEDGER = "services/copies/ledger.py"


LEDGERS_FILE = "settings.json"


VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
