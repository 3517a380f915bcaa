"""What the first commands share: a `.venv` that holds the locked packages and FieldLog itself.

Standard library only, because it runs before anything is installed. Each refusal is one sentence
on stderr and exit code 1.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "build" / "lock.txt"
STAMP = VENV / "fieldlog-stamp.txt"


class Tool(NamedTuple):
    """A program, library (`lib….so.1`) or file (`/…`) the tests call, its Debian package, and what for."""

    name: str
    package: str
    why: str
    linux_only: bool = False

    def is_wanted(self) -> bool:
        return not self.linux_only or sys.platform == "linux"

    def is_there(self) -> bool:
        if "/" in self.name:
            return Path(self.name).exists()
        return _loads(self.name) if ".so" in self.name else shutil.which(self.name) is not None


TOOLS = (
    Tool("chromium", "chromium", "is the browser the app is tried in"),
    Tool(
        "chromium-headless-shell",
        "chromium-headless-shell",
        "is that browser without its own windows",
        linux_only=True,
    ),
    Tool("libatomic.so.1", "libatomic1", "is what the browser's driver is linked to", linux_only=True),
    Tool("ffprobe", "ffmpeg", "judges the sound files we write"),
    Tool("exiftool", "libimage-exiftool-perl", "judges what stays in the pictures we write"),
    Tool("faketime", "faketime", "sets the app's clock past midnight", linux_only=True),
    Tool("nginx", "nginx", "is a server to sync with", linux_only=True),
    Tool(
        "/usr/lib/nginx/modules/ngx_http_dav_ext_module.so",
        "libnginx-mod-http-dav-ext",
        "lets that server list its folders",
        linux_only=True,
    ),
    Tool("npm", "npm", "fetches the judge of the workflow files"),
    Tool("strace", "strace", "sees in which order a save reaches the disk", linux_only=True),
)


def set_up() -> Path:
    """The Python of a `.venv` that matches the lock; made or brought up to date where it is not.

    Nothing is installed when neither the lock, nor pyproject.toml, nor the Python, nor the place of
    this checkout has changed since the last time.
    """
    if sys.version_info < OLDEST:
        sys.exit(f"FieldLog needs Python {_dotted(OLDEST)} or later; this is {sys.version.split()[0]}.")
    python = _python_of(VENV)
    if not _works(python):
        _make_venv()
    stamp = _stamp(python)
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != stamp:
        _install(python)
        STAMP.write_text(stamp, encoding="utf-8")
    return python


def need(tools: Sequence[Tool]) -> None:
    """Install the tools that are missing, or refuse with a sentence that names them."""
    missing = [tool for tool in tools if tool.is_wanted() and not tool.is_there()]
    if missing:
        wanted = "; ".join(f"{tool.name}, which {tool.why}" for tool in missing)
        _apt_install([tool.package for tool in missing], f"The tests need {wanted}")
    absent = [tool.name for tool in missing if not tool.is_there()]
    if absent:
        sys.exit(f"Installed their packages, but these are still not found: {', '.join(absent)}.")


def call(command: Sequence[str | Path], **more_environment: str) -> int:
    """Run a command in the checkout, its output going where ours goes; its exit code."""
    sys.stdout.flush()
    environment = {**os.environ, **more_environment}
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False).returncode


def _python_of(venv: Path) -> Path:
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def _works(python: Path) -> bool:
    """Whether this is a Python new enough that can install packages."""
    probe = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    return python.exists() and _quietly([python, "-c", probe]).returncode == 0


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _make_venv() -> None:
    print(f"Making {VENV.name} with Python {sys.version.split()[0]} …")
    if find_spec("ensurepip") is None:
        package = f"python{_dotted(sys.version_info[:2])}-venv"
        _apt_install([package], "This Python cannot make virtual environments")
    made = _quietly([sys.executable, "-m", "venv", "--clear", VENV])
    if made.returncode:
        sys.exit(f"The virtual environment could not be made: {made.stdout.strip()}")


def _install(python: Path) -> None:
    print("Installing the locked packages (a minute or two the first time) …")
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "-qq",
    ]
    if call([*pip, "--require-hashes", "--only-binary", ":all:", "-r", LOCK]):
        sys.exit("The locked packages could not be installed; pip's own words are above. Run this again.")
    if call([*pip, "--no-index", "--no-deps", "--no-build-isolation", "--editable", ROOT]):
        sys.exit("FieldLog itself could not be installed into .venv; pip's own words are above.")


def _stamp(python: Path) -> str:
    version = _quietly([python, "--version"]).stdout.strip()
    facts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(), version.encode()]
    return hashlib.sha256(b"\0".join(hashlib.sha256(fact).digest() for fact in facts)).hexdigest() + "\n"


def _apt_install(packages: Sequence[str], why: str) -> None:
    """Install Debian packages as root. Elsewhere, or as somebody else, say why they are needed and stop."""
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        sys.exit(f"{why}. Install {', '.join(packages)} (Debian's names) and run this again.")
    print(f"Installing {', '.join(packages)} …")
    apt = ["apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=300"]
    _quietly([*apt, "update"])
    installed = _quietly([*apt, "install", "--no-install-recommends", *packages])
    if installed.returncode:
        sys.exit(f"{why}, but apt-get could not install {', '.join(packages)}: {installed.stdout.strip()}")


def _quietly(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal; what it prints, stderr too, is in `stdout` of the answer."""
    return subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # a package with a service is installed, and the service not started
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_OFFLINE": "1"},
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _dotted(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)
