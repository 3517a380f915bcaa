// The page's side of Python: a worker begun at once, and what the client (Flet's, in Dart) calls it by.
"use strict";

(function () {
  const worker = new Worker("python_worker.js", { type: "module" });
  let hear = () => {};
  const up = new Promise((resolve, refuse) => {
    worker.onmessage = ({ data }) => {
      if (data instanceof Uint8Array) return hear(data);
      if (data.up) return resolve();
      const sentence = data.failed || "Python did not start.";
      new BroadcastChannel("fieldlog-quick").postMessage({ failed: sentence });
      refuse(new Error(sentence));
      return undefined;
    };
    worker.onerror = (event) => {
      new BroadcastChannel("fieldlog-quick").postMessage({ failed: String(event.message) });
      refuse(new Error(event.message));
    };
  });
  up.catch((why) => console.error("Python did not start:", why.message));
  worker.postMessage({
    page: document.baseURI,
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
