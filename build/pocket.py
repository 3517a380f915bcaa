"""Make FieldLog for the pocket: a folder of files that any web space can hand out, in build/pocket/.

    python3 build/pocket.py [--out FOLDER]

Takes the locked packages and nothing from a network. The same checkout gives the same bytes. Open it
from https:// or from localhost; docs/hosting.md says how.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import house
from sealing import seal

OUT = house.ROOT / "build" / "pocket"
SOURCES = house.ROOT / "assets" / "pocket"
CLIENT = (
    "flutter.js", "main.dart.js", "version.json", "canvaskit/canvaskit.js", "canvaskit/canvaskit.wasm",
    "assets/AssetManifest.bin", "assets/AssetManifest.bin.json", "assets/NOTICES", "assets/fonts/*",
    "assets/packages/record_web/*", "assets/packages/wakelock_plus/*", "assets/shaders/*",
)  # fmt: skip
"""What of Flet's client is needed to draw, record and keep the screen on."""

PYTHON = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
FONT_FAMILIES = ("MaterialIcons",)
ROBOTO = {"family": "Roboto", "fonts": [{"asset": "fonts/roboto.woff2"}]}
"""What Flutter would otherwise fetch from far away, for what is drawn before our own fonts are there."""

PACKAGES = (
    "flet", "flet_audio", "flet_audio_recorder", "flet_camera", "flutter", "msgpack", "tinydb", "tzdata",
    "charset_normalizer", "openpyxl", "et_xmlfile", "segno", "repath.py", "six.py", "typing_extensions.py",
)  # fmt: skip
NOT_PACKED = (
    "*/__pycache__/*", "*.so", "*.pyd", "*.pyx", "*.pyi", "*/py.typed", "*/testing/*", "*/pytest_plugin.py",
    "*/zoneinfo/posix/*", "*/zoneinfo/right/*",
)  # fmt: skip
INLINE = {"style": ("*.css",), "body": ("*.html",), "script": ("*.js",)}
ALONE = frozenset(
    {"index.html", "python.js", "python_worker.js", "boot.js", "quick_worker.js", "service_worker.js"}
)
"""Sources that are files of their own in the site, or templates; the others become part of the page."""

SHARED = ("caret.js", "rows.css")
"""What the laptop's page loads too."""

LONG_AGO = (1980, 1, 1, 0, 0, 0)
COMPILE = """
import { loadPyodide } from "%(pyodide)s";
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" } });
python.FS.mkdir("/stage");
python.FS.mount(python.FS.filesystems.NODEFS, { root: "%(stage)s" }, "/stage");
const done = python.runPython(`
import compileall, os, py_compile
os.chdir("/stage")
compileall.compile_dir(".", quiet=1, legacy=True, ddir="", maxlevels=20,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
`);
process.exit(done ? 0 : 1);
"""


def main() -> int:
    reader = argparse.ArgumentParser(description="Make FieldLog for the pocket.")
    reader.add_argument("--out", type=Path, default=OUT, help="the folder to write; it is emptied first")
    out: Path = reader.parse_args().out
    site = site_packages(house.set_up())
    make(site, out)
    _tell(out)
    return 0


def make(site: Path, out: Path) -> None:
    """Write the whole web space. `site` holds the installed packages."""
    if out.exists():
        if not (out / "flutter.js").exists() and any(out.iterdir()):
            sys.exit(f"{out} holds something else. Nothing was written; choose another folder.")
        shutil.rmtree(out)
    web = site / "flet_web" / "web"
    for path in _files(web, CLIENT):
        _copy(path, out / path.relative_to(web))
    for name in PYTHON:
        _copy(web / "pyodide" / name, out / "pyodide" / name)
    for path in sorted((house.ROOT / "assets" / "fonts").iterdir()):
        _copy(path, out / "fonts" / path.name)
    _keep_fonts(out / "assets" / "FontManifest.json", web / "assets" / "FontManifest.json")
    _page(web, out)
    for path in [SOURCES / "manifest.json", *sorted((SOURCES / "icons").iterdir())]:
        _copy(path, out / path.relative_to(SOURCES))
    _pack(site, web, out)
    seal(out, SOURCES / "service_worker.js")


def _page(web: Path, out: Path) -> None:
    """The page, with all that is needed for the first paint inside it, and the scripts beside it."""
    page = (SOURCES / "index.html").read_text(encoding="utf-8")
    for place, kinds in INLINE.items():
        sources = [*(SOURCES.parent / name for name in SHARED), *sorted(SOURCES.iterdir())]
        parts = [path for path in sources if path.name not in ALONE and _is_of(path.name, kinds)]
        words = "".join(path.read_text(encoding="utf-8") for path in parts)
        mark = f"<!-- {place} -->" if place == "body" else f"/* {place} */"
        page = page.replace(mark, words)
    (out / "index.html").write_text(page, encoding="utf-8", newline="\n")
    for name in sorted(ALONE - {"index.html", "service_worker.js"}):
        if (SOURCES / name).exists():
            _copy(SOURCES / name, out / name)
    boot = out / "boot.js"
    boot.write_text(boot.read_text(encoding="utf-8").replace("FLUTTER_BUILD", _build_of(web)), encoding="utf-8")


def _build_of(web: Path) -> str:
    """What the client was built as, of which only the form that every browser runs is kept."""
    found = re.search(r"_flutter\.buildConfig = (\{.*?\});\n", (web / "flutter_bootstrap.js").read_text("utf-8"))
    if found is None:
        sys.exit("Flet's client does not say how it was built; it is another version than the locked one.")
    build = json.loads(found[1])
    build["builds"] = [one for one in build["builds"] if one["renderer"] == "canvaskit"]
    return json.dumps(build)


def _keep_fonts(target: Path, source: Path) -> None:
    families = [one for one in json.loads(source.read_text("utf-8")) if one["family"] in FONT_FAMILIES]
    target.write_text(json.dumps([*families, ROBOTO]), encoding="utf-8")


def _pack(site: Path, web: Path, out: Path) -> None:
    """Our Python and what it needs, compiled by the Python that will run it."""
    with tempfile.TemporaryDirectory() as scratch:
        stage = Path(scratch)
        for name in PACKAGES:
            _stage(site / name, stage / "packages")
        _stage(house.ROOT / "fieldlog", stage / "app")
        sample = house.ROOT / "assets" / "sample"
        for path in (sample / "month.json", sample / "practice.json", *sorted((sample / "media").iterdir())):
            _copy(path, stage / "app" / "fieldlog" / "assets" / "sample" / path.relative_to(sample))
        _compile(site, web, stage)
        zip_up(stage / "packages", out / "packages.zip")
        zip_up(stage / "app", out / "app.zip")


def _stage(source: Path, into: Path) -> None:
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    for path in files:
        name = path.relative_to(source.parent)
        if not any(fnmatch(name.as_posix(), pattern) for pattern in NOT_PACKED):
            _copy(path, into / name)


def _compile(site: Path, web: Path, stage: Path) -> None:
    script = stage / "compile.mjs"
    script.write_text(COMPILE % {"pyodide": (web / "pyodide" / "pyodide.mjs").as_uri(), "stage": stage.as_posix()})
    node = site / "playwright" / "driver" / ("node.exe" if os.name == "nt" else "node")
    done = subprocess.run([node, script], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    script.unlink()
    if done.returncode:
        sys.exit(f"Python in the browser could not read our source: {done.stdout.strip()}")
    for path in stage.rglob("*.py"):
        path.unlink()


def zip_up(folder: Path, target: Path) -> None:
    """All that lies in a folder, as one ZIP. Same files, same bytes."""
    with zipfile.ZipFile(target, "w") as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            about = zipfile.ZipInfo(path.relative_to(folder).as_posix(), LONG_AGO)
            about.external_attr = 0o644 << 16
            packed.writestr(about, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def _files(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and _is_of(path.relative_to(root).as_posix(), patterns):
            yield path


def _is_of(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def site_packages(python: Path) -> Path:
    """Where a Python has what is installed for it."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([python, "-c", ask], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())


def _tell(out: Path) -> None:
    """How much it is, and how much goes over the wire where the web space compresses."""
    files = [path for path in out.rglob("*") if path.is_file()]
    whole = sum(path.stat().st_size for path in files)
    packed = sum(min(path.stat().st_size, len(gzip.compress(path.read_bytes(), 6))) for path in files)
    print(f"{out}: {len(files)} files, {whole / 1e6:.1f} MB, {packed / 1e6:.1f} MB compressed.")


if __name__ == "__main__":
    sys.exit(main())
