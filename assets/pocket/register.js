// The page's side of being installed and kept up to date. Python speaks with it over
// BroadcastChannel(addressed("fieldlog-update")):
//   {ask: "state"}    how things stand?
//   {ask: "persist"}  ask the browser never to clear what is kept here.
//   {ask: "install"}  put FieldLog on the home screen, where the browser offers to; soon after a tap.
//   {apply: true}     go over to the new version: this page is loaded anew.
//   {reload: true}    load this page anew.
// It says {state: {standalone, persisted, installable, apple, update, neighbours, offline, fetched, files}} when asked and
// whenever one of them changes; persisted is null until the browser has said, neighbours are names in this host name's
// storage that are not ours: whatever keeps them can read what is kept here. offline is "whole" once the app starts
// without a network, "coming" while its files are being fetched, "broken" where that ended before its end; so many of
// them are fetched. The service worker tells {fetched, files}.
"use strict";

(function register() {
  const CHECK_MS = 6 * 3600 * 1000;
  const channel = new BroadcastChannel(addressed("fieldlog-update"));
  const touch = navigator.maxTouchPoints > 1;
  const state = {
    standalone: matchMedia("(display-mode: standalone)").matches || navigator.standalone === true,
    persisted: null,
    installable: false,
    apple: /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && touch),
    update: false,
    neighbours: [],
    offline: "",
    fetched: 0,
    files: 0,
  };
  let registration = null;
  let offered = null;
  let applying = false;
  let changed = false;

  function tell(change = {}) {
    Object.assign(state, change);
    channel.postMessage({ state });
  }

  async function lookAround() {
    const found = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) if (!name.startsWith("fieldlog")) found.push(name);
    if (found.length) tell({ neighbours: found.sort() });
  }

  async function persist() {
    try {
      tell({ persisted: await navigator.storage.persist() });
    } catch (why) {
      tell({ persisted: false });
    }
  }

  function install() {
    const prompt = offered;
    offered = null;
    tell({ installable: false });
    prompt?.prompt();
  }

  // Every page is loaded anew: one that kept the old version would take the study from the one that asked.
  function apply() {
    if (!state.update) return;
    applying = true;
    if (registration?.waiting) registration.waiting.postMessage({ apply: true });
    else if (changed) location.reload(); // another page was faster
  }

  channel.addEventListener("message", ({ data }) => {
    if (data.ask === "state") tell();
    else if (data.ask === "persist") persist();
    else if (data.ask === "install") install();
    else if (data.apply) apply();
    else if (data.reload) location.reload();
    else if (data.files && state.offline !== "whole") tell({ offline: "coming", fetched: data.fetched, files: data.files });
  });
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = event;
    tell({ installable: true });
  });
  window.addEventListener("appinstalled", () => tell({ standalone: true, installable: false }));

  function watch(worker) {
    const look = () => { if (worker.state === "installed" && navigator.serviceWorker.controller) tell({ update: true }); };
    worker.addEventListener("statechange", look);
    look();
  }

  // Of the first version. One that is being fetched beside a whole one takes nothing from it.
  function watchFirst(worker) {
    if (registration.active) return tell({ offline: "whole" });
    tell({ offline: "coming" });
    return worker?.addEventListener("statechange", () => {
      if (worker.state === "activated") tell({ offline: "whole" });
      else if (worker.state === "redundant" && !registration.active) tell({ offline: "broken" });
    });
  }

  async function begin() {
    // A version that came in while the page was away is known before anything else is asked for.
    registration = await navigator.serviceWorker.register("flutter_service_worker.js", { updateViaCache: "none" });
    watchFirst(registration.installing || registration.waiting);
    registration.addEventListener("updatefound", () => {
      watch(registration.installing);
      if (!registration.active) watchFirst(registration.installing);
    });
    if (registration.waiting) watch(registration.waiting);
    if (registration.installing) watch(registration.installing);
    const check = () => registration.update().catch(() => {});
    setInterval(check, CHECK_MS);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") check(); });
  }

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      changed = state.update;
      if (applying) location.reload();
    });
    begin().catch((why) => console.warn("FieldLog will not start without a network:", why.message));
  }
  lookAround().catch(() => {}); // a browser that shows no storage has none to read
  navigator.storage?.persisted?.().then((persisted) => { if (persisted) tell({ persisted }); });
})();
