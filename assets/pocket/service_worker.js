// Keeps every file of one version of FieldLog and hands them out without a network; never those of two versions
// to one page. Also: media, asked of Python (fieldlog/server/channel.py), and what other apps share with us.
//
// The list of files and the version are filled in by build/sealing.py. An install that is broken off goes on where it
// stopped. A new version waits until it is told {apply: true}; pages that were opened under another version get that
// version's files for as long as they live.
"use strict";

const VERSION = "FIELDLOG_VERSION";
const FILES = FIELDLOG_FILES; // path: sha256
const SCOPE = new URL("./", self.location).href;
const addressed = (name) => name + new URL(SCOPE).pathname.replaceAll("~", "%7E").replaceAll(":", "%3A").replaceAll("/", "~"); // as address.js
// Caches belong to the whole origin, and another folder of it may hold another FieldLog.
const PREFIX = `fieldlog-files ${SCOPE} `;
const CACHE = PREFIX + VERSION;
const WHOLE = `${SCOPE}?whole`; // in a cache that is
const BORN = `fieldlog-born ${SCOPE}`;
const TURN = `fieldlog-files ${SCOPE}`; // the lock: nothing is cleared away while a version comes in
const STARTS_MS = 60000; // so long a page may be on its way before it counts among the clients
const MEDIA_MS = 20000;
const TELL_MS = 500;
const PIECE = 1 << 20;
const TYPES = {
  html: "text/html; charset=utf-8", js: "text/javascript", mjs: "text/javascript", json: "application/json",
  wasm: "application/wasm", css: "text/css", png: "image/png", woff2: "font/woff2", otf: "font/otf", zip: "application/zip",
};

// -- a version, whole

self.addEventListener("install", (event) => event.waitUntil(navigator.locks.request(TURN, fetchAll)));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => { if (event.data && event.data.apply) self.skipWaiting(); });

// How far it is, in files, is told to the page (register.js), now and then.
async function fetchAll() {
  const cache = await caches.open(CACHE);
  const all = Object.entries(FILES);
  const page = new BroadcastChannel(addressed("fieldlog-update"));
  let told = 0;
  for (const [fetched, [path, hash]] of all.entries()) {
    if (Date.now() - told > TELL_MS) {
      page.postMessage({ fetched, files: all.length });
      told = Date.now();
    }
    await take(cache, path, hash);
  }
  await cache.put(WHOLE, new Response(VERSION));
  page.close();
}

async function take(cache, path, hash) {
  const there = await cache.match(SCOPE + path);
  if (there && there.headers.get("X-Hash") === hash) return;
  const bytes = await kept(path, hash) || await fetched(path, hash, "default") || await fetched(path, hash, "reload");
  if (!bytes) throw new Error(`${path} is not what it should be`);
  const headers = { "Content-Type": TYPES[path.split(".").pop()] || "application/octet-stream", "X-Hash": hash };
  await cache.put(SCOPE + path, new Response(bytes, { headers }));
}

// From an earlier version, where the file is the same.
async function kept(path, hash) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CACHE) continue;
    const found = await caches.match(SCOPE + path, { cacheName: name });
    if (found && found.headers.get("X-Hash") === hash) return found.arrayBuffer();
  }
  return null;
}

async function fetched(path, hash, cache) {
  const answer = await fetch(SCOPE + path, { cache });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  return (await hashOf(bytes)) === hash ? bytes : null;
}

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
}

// -- which page has which version

const born = new Map();

async function begin() {
  if (await isFirst()) {
    // The page was there before us; its pictures and sounds are asked of us at once.
    for (const { id } of await everyone()) await remember(id, VERSION, { "X-First": "1" });
    await self.clients.claim();
  }
  await tidy({ halves: true });
}

async function isFirst() {
  for (const name of await caches.keys()) {
    if (name !== CACHE && name.startsWith(PREFIX) && (await isWhole(name))) return false;
  }
  return true;
}

// Where one looks for a file the cache is never opened: that would make one that was cleared away meanwhile anew.
async function isWhole(name) {
  return Boolean(await caches.match(WHOLE, { cacheName: name }));
}

function everyone() {
  return self.clients.matchAll({ includeUncontrolled: true, type: "all" });
}

async function remember(client, version, more = {}) {
  born.set(client, version);
  const headers = { "X-At": String(Date.now()), ...more };
  await (await caches.open(BORN)).put(`${SCOPE}${client}`, new Response(version, { headers }));
}

async function versionOf(client) {
  if (!client) return versionOfFirst();
  if (!born.has(client)) {
    const told = await (await caches.open(BORN)).match(`${SCOPE}${client}`);
    born.set(client, told ? await told.text() : VERSION);
  }
  return born.get(client);
}

// A worker that was begun before us asks without an id (seen in Chromium): it has the version of the first page.
async function versionOfFirst() {
  const list = await caches.open(BORN);
  for (const { id } of await everyone()) {
    const told = await list.match(`${SCOPE}${id}`);
    if (told?.headers.get("X-First")) return told.text();
  }
  return VERSION;
}

// Pages that are gone, and versions that no page has any more. One that is not whole is left where an install may go
// on with it; `halves` clears it away too.
async function tidy({ halves = false } = {}) {
  const used = await versionsInUse();
  await navigator.locks.request(TURN, { ifAvailable: true }, async (ours) => {
    if (!ours || self.registration.waiting || self.registration.installing) return;
    for (const name of await caches.keys()) {
      if (!name.startsWith(PREFIX) || used.has(name.slice(PREFIX.length))) continue;
      if (halves || (await isWhole(name))) await caches.delete(name);
    }
  });
}

async function versionsInUse() {
  const alive = new Set((await everyone()).map((one) => one.id));
  const list = await caches.open(BORN);
  const used = new Set([VERSION]);
  for (const { url } of await list.keys()) {
    const told = await list.match(url);
    if (!told) continue;
    const isYoung = Date.now() - Number(told.headers.get("X-At")) < STARTS_MS;
    if (isYoung || alive.has(url.slice(SCOPE.length))) used.add(await told.text());
    else await list.delete(url);
  }
  return used;
}

// -- requests

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  url.search = "";
  url.hash = "";
  if (!url.href.startsWith(SCOPE)) return;
  const path = decodeURIComponent(url.href.slice(SCOPE.length));
  if (event.request.method === "POST" && path === "share") event.respondWith(shared(event.request));
  else if (event.request.method !== "GET") return;
  else if (path.startsWith("media/")) event.respondWith(media(path.slice("media/".length), event.request));
  else event.respondWith(file(event, path));
});

async function file(event, path) {
  const { request, clientId, resultingClientId } = event;
  const isPage = request.mode === "navigate";
  const version = isPage ? VERSION : await versionOf(clientId);
  if (resultingClientId) await remember(resultingClientId, version);
  if (isPage) event.waitUntil(tidy());
  const name = isPage || path === "" ? "index.html" : path;
  const there = (await caches.match(SCOPE + name, { cacheName: PREFIX + version })) || (await mended(version, name));
  if (!there) return new Response("", { status: 404 });
  return /worker$/.test(request.destination) ? policed(there, name) : there;
}

// A file that the browser lost, fetched anew; null where there is none of the name, or no network.
async function mended(version, path) {
  if (version !== VERSION || !Object.hasOwn(FILES, path)) return null;
  const cache = await caches.open(CACHE);
  await take(cache, path, FILES[path]).catch(() => {});
  return (await cache.match(SCOPE + path)) || null;
}

// -- whom workers reach

// A worker that is loaded by its address does not have the page's policy, so its script brings one. Python's worker
// reaches this place and the targets in use, which it keeps here (services/pocket/browser/policy.py); the others this
// place alone, as the page does.
const TARGETS = `fieldlog-targets ${SCOPE}`;
const ASKS = "python_worker.js";
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;

async function policed(answer, name) {
  const reach = ["'self'", "data:", "blob:", ...(name === ASKS ? await targets() : [])].join(" ");
  const headers = new Headers(answer.headers);
  headers.set(
    "Content-Security-Policy",
    `default-src 'self' data: blob:; script-src 'self' 'unsafe-eval' blob:; connect-src ${reach}; object-src 'none'`,
  );
  return new Response(answer.body, { status: answer.status, headers });
}

async function targets() {
  const kept = await caches.match(`${SCOPE}?targets`, { cacheName: TARGETS });
  const found = kept ? await kept.json() : [];
  return found.filter((one) => ORIGIN.test(one));
}

// -- media

const asking = new Map();
const line = new BroadcastChannel(addressed("fieldlog-media"));
line.addEventListener("message", ({ data }) => { if (data.status) asking.get(data.id)?.(data); });

function ask(path, start, end) {
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    asking.set(id, resolve);
    setTimeout(() => resolve({ status: 504 }), MEDIA_MS);
    line.postMessage({ id, path, start, end });
  }).finally(() => asking.delete(id));
}

async function media(path, request) {
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("Range") || "");
  let start = range && range[1] ? Number(range[1]) : 0;
  if (range && !range[1] && range[2]) {
    const { size } = await ask(path, 0, 1);
    start = Math.max(0, (size || 0) - Number(range[2]));
  }
  const last = range && range[1] && range[2] ? Number(range[2]) + 1 : null;
  const first = await ask(path, start, last);
  const headers = {
    "Cache-Control": "no-store", "Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  };
  if (first.mime) headers["Content-Type"] = first.mime;
  if (first.original) headers["Content-Disposition"] = `attachment; filename*=UTF-8''${encodeURIComponent(first.name)}`;
  if (first.status === 416) headers["Content-Range"] = `bytes */${first.size}`;
  if (first.status !== 200 && first.status !== 206) return new Response(first.body, { status: first.status, headers });
  if (range) {
    headers["Content-Range"] = `bytes ${first.start}-${first.end - 1}/${first.size}`;
    headers["Content-Length"] = first.end - first.start;
    return new Response(first.body, { status: 206, headers });
  }
  headers["Content-Length"] = first.size;
  return new Response(first.status === 200 ? first.body : whole(path, first), { status: 200, headers });
}

function whole(path, first) {
  let at = first.end;
  return new ReadableStream({
    start: (stream) => stream.enqueue(new Uint8Array(first.body)),
    pull: async (stream) => {
      if (at >= first.size) return stream.close();
      const next = await ask(path, at, Math.min(first.size, at + PIECE));
      const isMore = (next.status === 206 || next.status === 200) && next.end > at;
      if (!isMore) return stream.error(new Error(String(next.status)));
      at = next.end;
      return stream.enqueue(new Uint8Array(next.body));
    },
  });
}

// -- shared by other apps

// Into the folder fieldlog-share of this app, one folder each; meta.json last, so that what is there is whole.
async function shared(request) {
  const form = await request.formData();
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(addressed("fieldlog-share"), { create: true });
  const folder = await root.getDirectoryHandle(crypto.randomUUID(), { create: true });
  const files = [];
  for (const one of form.getAll("files")) {
    if (!(one instanceof File) || !one.size) continue;
    const kept = String(files.length);
    await write(folder, kept, one);
    files.push({ kept, name: one.name, mime: one.type, bytes: one.size });
  }
  const [title, text, url] = ["title", "text", "url"].map((name) => String(form.get(name) || ""));
  await write(folder, "meta.json", JSON.stringify({ title, text, url, files, at: new Date().toISOString() }));
  new BroadcastChannel(addressed("fieldlog-share")).postMessage({ shared: true });
  return Response.redirect(SCOPE, 303);
}

async function write(folder, name, what) {
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await stream.write(what);
  await stream.close();
}
