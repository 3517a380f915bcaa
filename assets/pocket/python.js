// The page's side of Python: a worker begun at once, and what the client (Flet's, in Dart) calls it by.
"use strict";

// The hub of the pairing code that this page was opened with, if any, is one of the targets in use.
async function letCodeThrough() {
  const code = /^#\/?p1\.(.+)\.[\w-]{43}(~[\w-]{43})?\.[\w-]*$/.exec(location.hash);
  if (!code || !self.caches) return;
  const scope = new URL("./", document.baseURI).href;
  const cache = await caches.open(`fieldlog-targets ${scope}`);
  const kept = await cache.match(`${scope}?targets`);
  const named = code[1].split(",").filter((one) => !one.startsWith("[")).map((one) => `https://${one.toLowerCase()}`);
  await cache.put(`${scope}?targets`, new Response(JSON.stringify([...new Set([...(kept ? await kept.json() : []), ...named])])));
}

(async function () {
  await letCodeThrough().catch((why) => console.error(why));
  const worker = workerOf("python_worker.js", { type: "module" });
  let hear = () => {};
  const up = new Promise((resolve, refuse) => {
    const failed = (sentence) => {
      new BroadcastChannel(addressed("fieldlog-quick")).postMessage({ failed: sentence, page: globalThis.fieldlogPage });
      refuse(new Error(sentence));
    };
    worker.onmessage = ({ data }) => {
      if (data instanceof Uint8Array) hear(data);
      else if (data.up) resolve();
      else failed(data.failed);
    };
    worker.onerror = (event) => failed(String(event.message));
  });
  up.catch((why) => console.error("Python did not start:", why.message));
  worker.postMessage({
    page: document.baseURI,
    folders: "showDirectoryPicker" in window,
    controlled: Boolean(navigator.serviceWorker?.controller),
    languages: navigator.languages,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });

  globalThis.jsConnect = async function (_app, _arguments, onMessage) {
    hear = onMessage;
    await up;
  };
  globalThis.jsSend = async function (_app, bytes) {
    worker.postMessage(bytes, [bytes.buffer]);
  };
  globalThis.jsDisconnect = async function () {
    worker.terminate();
  };
})();
