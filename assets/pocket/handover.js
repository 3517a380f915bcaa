// Files leave and come in through the page: only here can a tap open a share sheet, a download, or a chooser of files
// and folders.
// Asked by fieldlog/services/pocket/doorway.py over a channel; answers {id, heard} at once and the rest after a tap.
// Its colours are those of the look that was chosen (quick.css).
"use strict";

(function handover() {
  const channel = new BroadcastChannel(addressed("fieldlog-handover"));
  const chinese = /^zh/i.test(navigator.language || "");
  const WORDS = chinese
    ? { share: "分享", save: "保存", pick: "选择文件", later: "以后", choose: "选择文件夹", again: "写入“{folder}”" }
    : { share: "Share", save: "Save", pick: "Pick the file", later: "Later", choose: "Choose a folder",
      again: "Write into {folder}" };
  let bar = null;
  let asked = null;

  // A file of the browser's own file system: not copied, read as it goes out.
  async function opened({ path, name, mime }) {
    const folders = path.split("/");
    const last = folders.pop();
    let folder = await navigator.storage.getDirectory();
    for (const one of folders) folder = await folder.getDirectoryHandle(one);
    const file = await (await folder.getFileHandle(last)).getFile();
    return new File([file], name, { type: mime });
  }

  function answer(id, what) {
    if (asked !== id) return;
    asked = null;
    close();
    channel.postMessage({ id, ...what });
  }

  function close() {
    bar?.remove();
    bar = null;
  }

  function save(file) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    // Long enough for the browser to have begun reading.
    setTimeout(() => URL.revokeObjectURL(link.href), 600000);
  }

  function shareable(file) {
    try {
      return Boolean(navigator.share) && navigator.canShare({ files: [file] });
    } catch {
      return false;
    }
  }

  async function share(id, file) {
    try {
      await navigator.share({ files: [file], title: file.name });
      answer(id, { done: "shared" });
    } catch (why) {
      // Closing the sheet leaves the bar as it is. Some browsers say they share a ZIP, and then do not.
      if (why.name === "AbortError") return;
      save(file);
      answer(id, { done: "saved" });
    }
  }

  function choose(id, accept) {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.style.display = "none";
    input.onchange = () => answer(id, input.files[0] ? { file: input.files[0] } : { done: "dismissed" });
    input.oncancel = () => answer(id, { done: "dismissed" });
    document.body.append(input);
    input.click();
    input.remove();
  }

  function button(label, name, tap) {
    const made = document.createElement("button");
    made.id = `handover-${name}`;
    made.textContent = label;
    made.style.cssText = "min-width:48px;min-height:56px;padding:0 16px;border:1px solid var(--line);"
      + "border-radius:12px;background:transparent;color:inherit;font:inherit;";
    made.onclick = tap;
    return made;
  }

  function show(said, ...buttons) {
    close();
    bar = document.createElement("div");
    bar.id = "handover";
    bar.setAttribute("role", "dialog");
    bar.setAttribute("aria-label", said);
    bar.style.cssText = "position:fixed;left:0;right:0;bottom:0;z-index:100;display:flex;flex-wrap:wrap;gap:8px;"
      + "align-items:center;padding:12px 16px calc(12px + env(safe-area-inset-bottom));"
      + "font:16px/24px 'Noto Sans SC',system-ui,sans-serif;"
      + "background:var(--high);color:var(--words);border-top:1px solid var(--hair);";
    const text = document.createElement("div");
    text.textContent = said;
    text.style.cssText = "flex:1 1 100%;overflow-wrap:anywhere;";
    bar.append(text, ...buttons);
    document.body.append(bar);
    buttons[0].focus();
  }

  async function offer(ask) {
    const { id, name } = ask;
    const words = { ...WORDS, ...ask.words };
    let file;
    try {
      file = await opened(ask);
    } catch (why) {
      return answer(id, { done: "dismissed", why: String(why) });
    }
    const later = button(words.later, "later", () => answer(id, { done: "dismissed" }));
    const keep = button(words.save, "save", () => { save(file); answer(id, { done: "saved" }); });
    const send = shareable(file) ? [button(words.share, "share", () => share(id, file))] : [];
    return show(words.said || name, ...send, keep, later);
  }

  function pick(ask) {
    const words = { ...WORDS, ...ask.words };
    // The tap that asked for this may still count as one; otherwise another is needed.
    if (navigator.userActivation?.isActive) return choose(ask.id, ask.pick);
    const later = button(words.later, "later", () => answer(ask.id, { done: "dismissed" }));
    return show(words.said || words.pick, button(words.pick, "pick", () => choose(ask.id, ask.pick)), later);
  }

  // The folders that were chosen, by the names they are kept under: a browser lets them be kept, and asks again.
  function kept(mode, verb) {
    return new Promise((done, failed) => {
      const opening = indexedDB.open(addressed("fieldlog-folders"), 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("folders");
      opening.onerror = () => failed(opening.error);
      opening.onsuccess = () => {
        const asking = verb(opening.result.transaction("folders", mode).objectStore("folders"));
        asking.onsuccess = () => { opening.result.close(); done(asking.result); };
        asking.onerror = () => { opening.result.close(); failed(asking.error); };
      };
    });
  }

  // Whether a folder was chosen; else why not: "AbortError" where the chooser was closed.
  async function chooseFolder({ id, into }) {
    try {
      const folder = await showDirectoryPicker({ id: "fieldlog-archive", mode: "readwrite", startIn: "documents" });
      await kept("readwrite", (folders) => folders.put(folder, into)).catch(() => {});
      answer(id, { folder });
      return "chosen";
    } catch (why) {
      return why.name;
    }
  }

  async function writeAgain({ id }, folder) {
    if (await folder.requestPermission({ mode: "readwrite" }) === "granted") answer(id, { folder });
  }

  async function offerFolder(ask) {
    const words = { ...WORDS, ...ask.words };
    const before = await kept("readonly", (folders) => folders.get(ask.into)).catch(() => null);
    const dismiss = () => answer(ask.id, { done: "dismissed" });
    // The tap that asked for this may still count as one; otherwise another is needed.
    if (!before && navigator.userActivation?.isActive) {
      const came = await chooseFolder(ask);
      if (came === "chosen") return undefined;
      if (came === "AbortError") return dismiss();
    }
    const later = button(words.later, "later", dismiss);
    const choose = button(words.choose, "choose", () => chooseFolder(ask));
    const said = words.again.replace("{folder}", before?.name || "");
    const again = before ? [button(said, "again", () => writeAgain(ask, before))] : [];
    return show(words.said || words.choose, ...again, choose, later);
  }

  channel.onmessage = ({ data }) => {
    if (data.heard || data.file || data.folder || data.done) {
      // Another tab took it.
      if (data.id === asked && !data.heard) { asked = null; close(); }
      return;
    }
    if (document.visibilityState === "hidden") return;
    asked = data.id;
    channel.postMessage({ id: data.id, heard: true });
    if (data.path) offer(data);
    else if (data.into) offerFolder(data);
    else pick(data);
  };
})();
