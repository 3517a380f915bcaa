// A file that is dropped on the window is brought to the app, which looks at it before anything comes in. Of several,
// the first; a folder comes as an empty file, so that the app can say what it does with one. Without this the browser
// would leave the app and show the file.
"use strict";

(() => {
  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  }, true);
  addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (!file) return;
    const folder = event.dataTransfer.items?.[0]?.webkitGetAsEntry?.()?.isDirectory;
    const body = folder ? new Blob() : file;
    fetch(`dropped/${encodeURIComponent(file.name)}`, { method: "PUT", body }).catch(() => {});
  }, true);
})();
