// Python for the app, in a worker: only here may files be written so that they last.
// flet_js is the name by which Flet's Python finds the page.
"use strict";

const flet = {};
const told = new Promise((resolve) => { self.addEventListener("message", ({ data }) => resolve(data), { once: true }); });

function tell(bytes) {
  const message = bytes.toJs();
  self.postMessage(message, [message.buffer]);
}

// Whom this worker may reach, as the service worker has just said with its script; nobody where none did.
async function targets(page, controlled) {
  const scope = new URL("./", page).href;
  const kept = controlled && await caches.match(`${scope}?targets`, { cacheName: `fieldlog-targets ${scope}` });
  return kept ? kept.text() : "[]";
}

async function start() {
  const packages = fetch(new URL("packages.zip", import.meta.url)).then((answer) => answer.arrayBuffer());
  const own = fetch(new URL("app.zip", import.meta.url)).then((answer) => answer.arrayBuffer());
  const { loadPyodide } = await import("./pyodide/pyodide.mjs");
  const { page, folders, languages, zone, controlled } = await told;
  const env = { HOME: "/home", FIELDLOG_LANG: languages[0] || "en", TZ: zone || "", PYTHONDONTWRITEBYTECODE: "1", FIELDLOG_PLACE: new URL("./", page).pathname, FIELDLOG_FOLDERS: folders ? "1" : "", FIELDLOG_TARGETS: await targets(page, controlled) };
  const python = await loadPyodide({ env, stdout: (text) => console.log(text), stderr: (text) => console.warn(text) });
  flet.documentUrl = page;
  python.registerJsModule("flet_js", flet);
  python.FS.writeFile("/packages.zip", new Uint8Array(await packages));
  python.unpackArchive(await own, "zip", { extractDir: "/app" });
  python.runPython("import sys; sys.path[:0] = ['/app', '/packages.zip']");
  await python.runPythonAsync("from fieldlog import pocket; await pocket.start()");
  await flet.start_connection(tell);
  self.addEventListener("message", ({ data }) => { if (data instanceof Uint8Array) flet.send(data); });
  self.postMessage({ up: true });
}

start().catch((why) => self.postMessage({ failed: String(why) }));
