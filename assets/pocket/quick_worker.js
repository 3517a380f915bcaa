// Keeps what is written and heard before Python is up, in the folder fieldlog-quick of the browser's file
// system, whose name goes on with the path of this app (address.js).
//
//   inbox.log   a line a change: {"id","at","zone","mono","boot","newest","text","back","session","day","page",
//               "open","until","from"?,"during"?,"crc"}. The last line of an id is the draft. at is its first
//               character, until its last or its sending, both ISO with offset; mono counts ms since the page
//               was loaded, which boot names; back is seconds; from is the text it went on from, of the app's
//               composer, and page the page that did so; during is {"memo","at"}. crc is CRC-32 over all bytes before ,"crc". A torn line is none.
//   after.log   the same, from the moment inbox.log was handed to Python until Python has taken that too.
//   last.json   what Python left for the page; only read here.
//   <id>.pcm    sound, 16 bits, one channel, at the rate in <id>.json, which is there before the first sound.
//   <id>.end    {"frames","until","gaps"}, once the microphone was stopped.
//
// From the page: begin; draft {draft, n}; flush; hand; taken; let_go; texts; listen {sidecar, port}; gap {seconds};
// until {until}; hush {id}. To the page: last; ready (drafts); kept (n, only when it is flushed); refused (why, and what);
// unusable; handed (drafts); let_go; texts; listening; sound {seconds, level}; heard {id, seconds}.
"use strict";

const FOLDER = "fieldlog-quick" + new URL("./", self.fieldlogAddress || self.location).pathname.replaceAll("~", "%7E").replaceAll(":", "%3A").replaceAll("/", "~");
const PAUSE_MS = 60;
const AGAIN_MS = 1000;
const FLUSH_MS = 400;
const SHOWN_MS = 100;

const pending = new Map();
let drafts = new Map();
let folder = null;
let log = null;
let timer = 0;
let sound = null;
let turn = Promise.resolve();

// One after the other: a file is opened before it is closed.
const inTurn = (work) => { turn = turn.then(work); };
const tell = (message) => self.postMessage(message);
const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
const encode = (text) => new TextEncoder().encode(text);

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return ((value ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

function line(draft) {
  const body = JSON.stringify(draft).slice(0, -1);
  return `${body},"crc":"${crc(encode(body))}"}\n`;
}

function read(text) {
  const found = new Map();
  for (const one of text.split("\n")) {
    const cut = one.lastIndexOf(',"crc":"');
    if (cut < 0 || one.slice(cut) !== `,"crc":"${crc(encode(one.slice(0, cut)))}"}`) continue;
    const draft = JSON.parse(one);
    delete draft.crc;
    found.set(draft.id, draft);
  }
  return found;
}

// -- files

// A page that is just being left, or Python, may still hold the file.
async function sync(name) {
  const file = await folder.getFileHandle(name, { create: true });
  for (;;) {
    try {
      return await file.createSyncAccessHandle();
    } catch (why) {
      if (why.name !== "NoModificationAllowedError" && why.name !== "InvalidStateError") throw why;
      await wait(50);
    }
  }
}

async function textOf(name) {
  try {
    const root = folder || await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER);
    return await (await (await root.getFileHandle(name)).getFile()).text();
  } catch (why) {
    return "";
  }
}

async function remove(name) {
  try {
    await folder.removeEntry(name);
  } catch (why) {
    if (why.name !== "NotFoundError") throw why;
  }
}

// All of it is written, or what was written of it is taken back.
function append(handle, bytes) {
  const end = handle.getSize();
  try {
    let at = 0;
    while (at < bytes.length) {
      const more = handle.write(bytes.subarray(at), { at: end + at });
      if (!more) throw new DOMException("no room", "QuotaExceededError");
      at += more;
    }
  } catch (why) {
    handle.truncate(end);
    throw why;
  }
}

function whole(handle) {
  const bytes = new Uint8Array(handle.getSize());
  handle.read(bytes, { at: 0 });
  return bytes;
}

// -- text

// What Python left, where it is whole and of a version that is known here; else as if nothing had been left. Throws
// where a zone is none.
function readable(last) {
  if (!last || (last.version || 1) !== 1 || !Array.isArray(last.audio)) return null;
  new Intl.DateTimeFormat("en", { timeZone: last.zone });
  const texts = [...(last.open ? [last.open.text, last.open.at] : []), ...(last.day ? [last.day.date, last.day.until] : [])];
  return texts.every((one) => typeof one === "string") ? last : null;
}

async function begin() {
  try {
    tell({ last: readable(JSON.parse(await textOf("last.json") || "null")) });
  } catch (why) {
    tell({ last: null });
  }
  try {
    folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
    if (!navigator.locks) return void await open();
    // Of several pages one keeps; the next waits until that is gone.
    await navigator.locks.request(FOLDER, () => open().then(() => new Promise(() => {})));
  } catch (why) {
    tell({ unusable: why.name });
  }
}

async function open() {
  const opened = await sync("inbox.log");
  const bytes = whole(opened);
  if (bytes.length && bytes.at(-1) !== 10) append(opened, encode("\n"));
  const after = await textOf("after.log");
  if (after) {
    append(opened, encode(`${after}\n`));
    opened.flush();
    await remove("after.log");
  }
  drafts = read(new TextDecoder().decode(whole(opened)));
  log = opened;
  tell({ ready: [...drafts.values()] });
  write();
}

function soon(ms) {
  if (!timer) timer = setTimeout(write, ms);
}

function write() {
  clearTimeout(timer);
  timer = 0;
  if (!log || !pending.size) return;
  const batch = [...pending.values()];
  try {
    append(log, encode(batch.map(({ draft }) => line(draft)).join("")));
    log.flush();
  } catch (why) {
    tell({ refused: why.name, what: "text" });
    soon(AGAIN_MS);
    return;
  }
  for (const { draft } of batch) drafts.set(draft.id, draft);
  pending.clear();
  tell({ kept: Math.max(...batch.map(({ n }) => n)) });
}

// What is written from here on goes into another file, so that this one can be Python's.
async function hand() {
  write();
  const given = [...new Map([...drafts, ...[...pending].map(([id, { draft }]) => [id, draft])]).values()];
  if (log) log.close();
  log = null;
  tell({ handed: given });
  log = await sync("after.log");
  write();
}

async function taken() {
  write();
  if (!log) return;
  log.truncate(0);
  log.flush();
  await letGo();
  await remove("after.log");
}

async function letGo() {
  write();
  if (log) log.close();
  log = null;
  tell({ let_go: true });
}

async function texts() {
  write();
  // As they lie on the disk: some may have been handed over, and not been taken.
  const here = [await textOf("inbox.log"), await textOf("after.log")].map(read);
  const unsaved = [...pending].map(([id, { draft }]) => [id, draft]);
  tell({ texts: [...new Map([...here[0], ...here[1], ...drafts, ...unsaved]).values()] });
}

// -- sound

async function listen({ sidecar, port }) {
  const { id, rate } = sidecar;
  try {
    const about = await sync(`${id}.json`);
    append(about, encode(JSON.stringify(sidecar)));
    about.flush();
    about.close();
    const handle = await sync(`${id}.pcm`);
    sound = { id, rate, handle, frames: 0, flushed: 0, shown: 0, level: 0, gaps: [], refused: false, until: "" };
  } catch (why) {
    tell({ refused: why.name, what: "sound" });
    return;
  }
  sound.beat = setInterval(keep, FLUSH_MS);
  tell({ listening: id });
  port.onmessage = ({ data }) => { data === null ? hush() : hear(data); };
}

function hear(buffer) {
  if (!sound || sound.refused) return;
  try {
    append(sound.handle, new Uint8Array(buffer));
  } catch (why) {
    sound.refused = true;
    tell({ refused: why.name, what: "sound" });
    return;
  }
  const samples = new Int16Array(buffer);
  sound.frames += samples.length;
  for (const sample of samples) if (Math.abs(sample) > sound.level) sound.level = Math.abs(sample);
  const now = performance.now();
  if (now - sound.flushed >= FLUSH_MS) keep();
  if (now - sound.shown >= SHOWN_MS) {
    tell({ sound: { seconds: sound.frames / sound.rate, level: sound.level / 32768 } });
    sound.shown = now;
    sound.level = 0;
  }
}

function keep() {
  sound.handle.flush();
  sound.flushed = performance.now();
}

async function hush() {
  if (!sound) return;
  const { id, rate, handle, frames, gaps, beat, until } = sound;
  sound = null;
  clearInterval(beat);
  handle.flush();
  handle.close();
  try {
    const end = await sync(`${id}.end`);
    append(end, encode(JSON.stringify({ frames, until, gaps })));
    end.flush();
    end.close();
  } catch (why) {
    // The sound is whole; only that it was stopped in order is not known then.
  }
  tell({ heard: { id, seconds: frames / rate } });
}

self.onmessage = ({ data }) => {
  if (data.do === "begin") begin();
  else if (data.do === "draft") {
    pending.set(data.draft.id, data);
    soon(PAUSE_MS);
  } else if (data.do === "flush") {
    write();
    if (sound) keep();
  } else if (data.do === "hand") inTurn(hand);
  else if (data.do === "taken") inTurn(taken);
  else if (data.do === "let_go") inTurn(letGo);
  else if (data.do === "texts") inTurn(texts);
  else if (data.do === "listen") listen(data);
  else if (data.do === "gap" && sound) sound.gaps.push({ at: sound.frames / sound.rate, missing: data.seconds });
  else if (data.do === "until" && sound) sound.until = data.until;
  else if (data.do === "hush" && sound && sound.id === data.id) hush();
};
