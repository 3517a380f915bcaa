// The page's side of Python: a worker begun at once, and what the client (Flet's, in Dart) calls it by.
"use strict";

(function () {
  const worker = new Worker("python_worker.js", { type: "module" });
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
