"""Our Python as it runs on a phone: in a real browser, in a worker, without a network.

    async with pyodide_page(tmp_path / "profile") as page:
        assert await page.run("from fieldlog.model import ports\\n1 + 1") == 2
        await page.reload()            # a new Python, the same stored files
        await page.kill()              # SIGKILL to the whole browser, then a new one on the same profile
        other = await page.beside()    # a second tab

`run` takes Python with top-level `await`, and gives back what its last expression is, by way of JSON.
Names stay from one run to the next, until `reload` or `kill`. What it prints is in `page.said` at once,
so a test can kill the browser in the middle of a run.

The project and the packages asked for are unpacked at `/app`, `files` (path below `/app`: bytes) too.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import tarfile
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.async_api import ConsoleMessage, Page

from tests.e2e.browsers import driver
from tests.e2e.kept_browser import KeptBrowser, spaces

PROJECT = Path(__file__).parents[2]
KINDS = {".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"}

PAGE = """<!doctype html><meta charset="utf-8"><title>FieldLog under test</title><script>
const worker = new Worker("/worker.js", { type: "module" });
const waiting = new Map();
worker.onmessage = ({ data }) => {
  if ("said" in data) return console.log("said:" + data.said);
  waiting.get(data.id)(data.answer);
  waiting.delete(data.id);
};
worker.onerror = (event) => waiting.forEach((answer) => answer(JSON.stringify({ error: event.message })));
window.run = (source) => new Promise((answer) => {
  const id = crypto.randomUUID();
  waiting.set(id, answer);
  worker.postMessage({ id, source });
});
</script>"""

WORKER = """
async function start() {
  const { loadPyodide } = await import("/pyodide/pyodide.mjs");
  const tell = (text) => self.postMessage({ said: text });
  // As the phone's app is told by its browser in which zone it is.
  const env = { HOME: "/home/pyodide", TZ: Intl.DateTimeFormat().resolvedOptions().timeZone };
  const python = await loadPyodide({ env, stdout: tell, stderr: tell });
  const archive = await (await fetch("/app.tar")).arrayBuffer();
  python.unpackArchive(archive, "tar", { extractDir: "/app" });
  return python.runPython(await (await fetch("/run.py")).text());
}
const started = start();
self.onmessage = async ({ data }) => {
  let answer;
  try {
    answer = await (await started)(data.source);
  } catch (error) {
    answer = JSON.stringify({ error: String(error) });
  }
  self.postMessage({ id: data.id, answer });
};
"""

RUN = """
import json, sys, traceback
from pyodide.code import eval_code_async

sys.path.insert(0, "/app")
names = {"__name__": "__main__"}

async def run(source):
    try:
        return json.dumps({"value": await eval_code_async(source, names)})
    except BaseException:
        return json.dumps({"error": traceback.format_exc()})

run
"""


class PythonFailed(AssertionError):
    """What ran in the browser raised; the text is its traceback."""


def _packed(packages: tuple[str, ...], files: Mapping[str, bytes]) -> bytes:
    """The project, the shared tests and pure-Python packages as one tar."""
    folders = {"fieldlog": PROJECT / "fieldlog", "tests/disk": PROJECT / "tests/disk"}
    for name in packages:
        found = importlib.util.find_spec(name)
        assert found is not None and found.origin is not None, f"{name} is not installed"
        folders[name] = Path(found.origin).parent
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name, folder in folders.items():
            archive.add(folder, name, filter=_wanted)
        for name, data in {"tests/__init__.py": b"", **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


def _wanted(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    compiled = member.name.endswith(("__pycache__", ".so", ".pyd"))
    return None if compiled else member


def _site(app: bytes) -> ThreadingHTTPServer:
    """A small web site on the loopback: the page, its worker, the app, and Python itself."""
    flet_web = importlib.util.find_spec("flet_web")
    assert flet_web is not None and flet_web.origin is not None, "flet-web is not installed"
    python = Path(flet_web.origin).parent / "web"
    fixed = {
        "/": ("text/html", PAGE.encode()),
        "/worker.js": ("text/javascript", WORKER.encode()),
        "/run.py": ("text/plain", RUN.encode()),
        "/app.tar": ("application/x-tar", app),
    }

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(python))

        def guess_type(self, path: Any) -> str:
            return KINDS.get(Path(path).suffix, "application/octet-stream")

        def do_GET(self) -> None:
            if self.path.startswith("/pyodide/"):
                return super().do_GET()
            kind, content = fixed.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in fixed else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return None

        def log_message(self, *_: Any) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


class PyodidePage:
    """One tab with its own Python; the browser and the site are shared with the tabs beside it."""

    def __init__(self, browser: KeptBrowser, address: str) -> None:
        self._browser, self._address = browser, address
        self.said: list[str] = []
        self._news = asyncio.Event()

    async def open(self) -> PyodidePage:
        self._page = await self._new_tab()
        self._listen()
        return self

    async def run(self, source: str) -> Any:
        """Run Python in the worker; raises `PythonFailed` with the traceback from there."""
        answer = json.loads(await self._page.evaluate("source => window.run(source)", source))
        if "error" in answer:
            raise PythonFailed(answer["error"])
        return answer["value"]

    async def reload(self) -> None:
        await self._page.reload()

    async def beside(self) -> PyodidePage:
        return await PyodidePage(self._browser, self._address).open()

    async def close(self) -> None:
        await self._page.close()

    async def kill(self) -> None:
        """End every process of the browser as a phone does, without warning, and start again here."""
        await self._browser.kill()
        await self._browser.start()
        self._page = await self._new_tab()
        self._listen()

    async def grant(self, *permissions: str) -> None:
        """Let the page do this, as if a person had said so."""
        await self._browser.context.grant_permissions(list(permissions), origin=self._address.rstrip("/"))

    async def refuse(self, permission: str) -> None:
        """Let the page not do this, as if a person had said so."""
        session = await self._page.context.new_cdp_session(self._page)
        how = {"permission": {"name": permission}, "setting": "denied", "origin": self._address.rstrip("/")}
        await session.send("Browser.setPermission", how)

    async def allow(self, count: int) -> None:
        """Let this origin keep so many bytes and no more, as on a phone that is nearly full."""
        session = await self._page.context.new_cdp_session(self._page)
        await session.send(
            "Storage.overrideQuotaForOrigin", {"origin": self._address.rstrip("/"), "quotaSize": count}
        )

    async def heard(self, line: str) -> None:
        """Wait until this was printed."""
        while line not in self.said:
            self._news.clear()
            await self._news.wait()

    async def _new_tab(self) -> Page:
        page = await self._browser.context.new_page()
        await page.goto(self._address)
        return page

    def _listen(self) -> None:
        def hear(message: ConsoleMessage) -> None:
            if message.text.startswith("said:"):
                self.said.append(message.text.removeprefix("said:"))
                self._news.set()

        self._page.on("console", hear)


@asynccontextmanager
async def pyodide_page(
    profile: Path, *, packages: tuple[str, ...] = ("tinydb", "tzdata"), files: Mapping[str, bytes] | None = None,
    local: Sequence[int] = (),
) -> AsyncIterator[PyodidePage]:  # fmt: skip
    """A tab with our Python in a browser that keeps its files in `profile` (made if missing). With ports that are
    `local`, the page is of the internet, and they are of the network beside it."""
    site = _site(_packed(packages, files or {}))
    serving = threading.Thread(target=site.serve_forever)
    serving.start()
    try:
        async with driver() as playwright:
            apart = [spaces(public=site.server_port, local=local)] if local else []
            browser = KeptBrowser(playwright, profile, *apart)
            try:
                await browser.start()
                yield await PyodidePage(browser, f"http://127.0.0.1:{site.server_port}/").open()
            finally:
                await browser.kill()
    finally:
        site.shutdown()
        site.server_close()
        serving.join()
