// The first half second: takes a note, and after a tap sound, before Python is up, and gives way to the app.
//
// What the page keeps is told at the top of quick_worker.js, which keeps it; what Python does with it in
// fieldlog/services/pocket/adopt_text.py. Page and Python speak over BroadcastChannel(addressed("fieldlog-quick")). Python's side:
//   {want: "handles"}   the app's composer is drawn; inbox.log is asked for.
//   {done: true}        what was in it is the app's, or there is no study to take it in yet.
//   {taken: n}          so is what the nth `last` said, it is on the disk, and the app's field holds it.
//   {failed: sentence}  Python is not coming. Everything here goes on.
//   {heard: id}         a sound that was stopped is the app's.
//   {left: {language, look, …}}  as in last.json, for the next first paint.
// Ours, each with `page`, the id of this page (globalThis.fieldlogPage): what Python says to another is not for us.
//   {handles: {drafts, open, recording, focus, selection}}   inbox.log is closed; open and recording are ids or null.
//   {last: {n, drafts, open, focus, selection}}   what changed since, whole texts; again after every key, until
//                       the last n is taken: then the page gives way, and moves the focus in the same moment.
//   {gone: true}        the composer has given way.
//   {stopped: id}       a sound went on beside the app, and was stopped.
//   {hidden: true}      the person looks at something else: last.json should be up to date.
"use strict";

(function () {
  const { hex, newId, iso, clock, dayWords, length } = moments;
  const GOES_ON_MS = 120000;
  const SLOW_MS = 60000;
  const WAITING_MS = 1500;
  const FOCUS_MS = 1500;
  const THEIRS = "flt-text-editing-host input, flt-text-editing-host textarea, .flt-text-editing, [flt-semantics-identifier='now-field'] textarea";
  const $ = (name) => document.getElementById(`quick-${name}`);
  const root = document.getElementById("quick");
  const field = $("field");
  const page = hex(16);
  globalThis.fieldlogPage = page;
  const channel = new BroadcastChannel(addressed("fieldlog-quick"));
  const worker = workerOf("quick_worker.js");
  const words = JSON.parse($("words").textContent);

  let last = null;
  let language = navigator.languages.some((one) => /^zh/i.test(one)) && /^zh/i.test(navigator.language) ? "zh" : "en";
  let draft = null;
  let back = 0;
  let count = 0;
  let phase = "alone"; // alone, handing, handed, yielding, gone
  let ready = false;
  let wanted = false;
  let finished = false;
  let heardOfPython = false;
  let changed = new Map();
  let lasts = 0;
  let takenAt = 0;
  let sound = null;
  let notice = "";

  // -- words and looks

  function say(name, given = {}) {
    return words[language][name].replace(/\{(\w+)\}/g, (_, what) => given[what]);
  }

  function remember(told) {
    language = told.language in words ? told.language : language;
    const look = ["day", "night", "blackout", "sun"].includes(told.look) ? told.look : "system";
    document.documentElement.dataset.look = look;
    try {
      localStorage.setItem("fieldlog-look", look);
    } catch (why) {
      // Only the next first paint would have been the wiser.
    }
  }

  function draw() {
    root.lang = language === "zh" ? "zh-Hans" : "en";
    root.dataset.hand = last && last.mirrored ? "left" : "right";
    field.placeholder = say("field");
    field.setAttribute("aria-label", say("field"));
    $("send").setAttribute("aria-label", say("send"));
    for (const n of [1, 5]) $(`back-${n}`).textContent = say("back", { n });
    $("session").textContent = last && last.session ? last.session.title : say("session");
    $("save").textContent = say("save");
    $("again").textContent = say("again");
    $("instead").textContent = say("instead");
    $("anyway").textContent = say("anyway");
    $("reason").setAttribute("aria-label", say("reason"));
    $("reason").placeholder = say("reason");
    $("stop").setAttribute("aria-label", say("stop"));
    $("mic").setAttribute("aria-label", say(sound ? "stop" : "mic"));
    $("notice").hidden = !notice;
    $("notice-words").textContent = notice && say(notice);
    $("save").hidden = !["failed", "slow", "unusable", "full-text"].includes(notice);
    $("again").hidden = notice !== "failed";
    drawChips();
    tick();
  }

  function drawChips() {
    for (const one of [$("back-1"), $("back-5")]) one.setAttribute("aria-pressed", String(Number(one.dataset.back) === back));
  }

  function tick() {
    const now = clock(last);
    $("day").textContent = dayWords(now.day, language);
    $("clock").textContent = [now.time.slice(0, 5), now.wall].filter(Boolean).join(" · ");
  }

  function tell(name) {
    if (name === notice) return;
    notice = name;
    draw();
  }

  function fit() {
    field.style.height = "auto";
    field.style.height = `${Math.min(152, Math.max(56, field.scrollHeight + 4))}px`;
  }

  // -- the text

  function typed() {
    fit();
    $("kept").textContent = "";
    const text = field.value;
    if (!text.trim() && !draft) return;
    if (!draft) draft = begun();
    Object.assign(draft, { text, back, until: iso() });
    keep(draft);
    // A text taken away is no entry; what is typed next begins now.
    if (!text.trim()) draft = null;
  }

  function begun() {
    const made = { id: newId(), ...moment(), text: "", back, ...place(), page, open: true, until: "" };
    if (sound && sound.seconds !== undefined) made.during = { memo: sound.id, at: sound.seconds };
    return made;
  }

  function moment() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return { at: iso(), zone, mono: Math.round(performance.now()), boot: page, newest: last ? last.newest : null };
  }

  function place() {
    return { session: last && last.session ? last.session.id : null, day: last && last.day ? last.day.date : null };
  }

  function keep(one) {
    count += 1;
    const kept = { ...one };
    worker.postMessage({ do: "draft", draft: kept, n: count });
    if (phase === "alone") return;
    changed.set(kept.id, kept);
    if (phase === "yielding") sendLast();
  }

  function send() {
    if (draft) {
      Object.assign(draft, { open: false, until: iso(), back });
      keep(draft);
      row(draft);
      draft = null;
    }
    field.value = "";
    back = 0;
    fit();
    drawChips();
    field.focus();
  }

  function row(one) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = clock(last, new Date(Date.parse(one.at) - one.back * 1000)).time.slice(0, 5);
    item.append(time, one.text);
    $("sent").append(item);
    $("sent").scrollTop = $("sent").scrollHeight;
  }

  // What was being written here or in the app less than two minutes ago is gone on with; the rest is closed.
  function goOn(drafts) {
    const now = Date.now();
    const open = drafts.filter((one) => one.open && one.text.trim());
    const theirs = last && last.open && last.open.text.trim() ? last.open : null;
    let found = open.filter((one) => now - Date.parse(one.until) < GOES_ON_MS).pop() || null;
    if (!found && theirs && !drafts.some((one) => one.id === theirs.id) && now - Date.parse(theirs.kept) < GOES_ON_MS) {
      const { id, at, zone, mono, boot, text, session } = theirs;
      found = { id, at, zone, mono, boot, newest: null, text, back: theirs.back || 0, session, day: place().day, page, open: true, until: theirs.kept, from: text };
    }
    if (draft || field.value) found = null;
    for (const one of open) if (!found || one.id !== found.id) keep({ ...one, open: false });
    for (const one of drafts) if (one.text.trim() && (!found || one.id !== found.id)) row(one);
    if (!found) return;
    draft = { ...found };
    back = found.back;
    field.value = found.text;
    field.setSelectionRange(found.text.length, found.text.length);
    fit();
    drawChips();
  }

  // -- giving way

  function selection() {
    return [field.selectionStart, field.selectionEnd];
  }

  function post(message) {
    channel.postMessage({ ...message, page });
  }

  function hand() {
    if (!ready || phase !== "alone") return;
    phase = "handing";
    worker.postMessage({ do: "hand" });
  }

  function handed(drafts) {
    if (phase !== "handing") return;
    phase = "handed";
    post({ handles: { drafts, ...state() } });
  }

  function state() {
    return { open: draft ? draft.id : null, recording: sound && sound.seconds !== undefined ? sound.id : null, focus: document.activeElement === field, selection: selection() };
  }

  function done() {
    if (!ready) {
      // Another page still has the file: what is written here is not kept yet.
      finished = true;
    } else if (phase === "handed") {
      phase = "yielding";
      sendLast();
    } else if (phase === "alone") {
      // There is no composer to go on in: it stays here as a note, and is taken in later.
      if (draft) send();
      worker.postMessage({ do: "let_go" });
      phase = "leaving";
    }
  }

  function sendLast() {
    lasts += 1;
    takenAt = 0;
    post({ last: { n: lasts, drafts: [...changed.values()], ...state() } });
  }

  function taken(n) {
    if (phase !== "yielding" || n !== lasts) return;
    takenAt = takenAt || performance.now();
    yieldFocus();
  }

  // The keys go from our field to the app's in one moment, so that none falls between.
  function yieldFocus() {
    if (phase !== "yielding" || !takenAt || composing) return;
    const theirs = document.querySelector(THEIRS);
    const focused = document.activeElement === field;
    if (focused && !theirs && performance.now() - takenAt < FOCUS_MS) {
      setTimeout(yieldFocus, 30);
      return;
    }
    worker.postMessage({ do: "taken" });
    giveWay(focused ? theirs : null);
  }

  function giveWay(theirs) {
    phase = "gone";
    watching.disconnect();
    for (const one of document.body.children) one.inert = false;
    if (theirs) theirs.focus({ preventScroll: true });
    root.hidden = true;
    root.style.display = "none";
    clearInterval(ticking);
    post({ gone: true });
  }

  let composing = false;
  field.addEventListener("compositionstart", () => { composing = true; });
  field.addEventListener("compositionend", () => {
    composing = false;
    yieldFocus();
  });

  // Until then nothing behind us takes the keys.
  const watching = new MutationObserver(holdBack);
  function holdBack() {
    for (const one of document.body.children) {
      if (one !== root && one.id !== "quick-live" && one.tagName !== "SCRIPT") one.inert = true;
    }
  }
  // What was made and focused in one breath, before that was seen.
  document.addEventListener("focusin", ({ target }) => {
    if (phase !== "gone" && !root.contains(target) && !$("live").contains(target)) field.focus();
  }, true);
  function forUs(event) {
    if (phase === "gone" || !(root.contains(event.target) || event.target === document.body)) return;
    event.stopImmediatePropagation();
    if (event.type === "keydown" && event.target === document.body) field.focus();
    if (event.type === "keydown" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  }
  for (const kind of ["keydown", "keyup", "keypress"]) window.addEventListener(kind, forUs, true);

  // -- sound

  async function mic() {
    if (sound) {
      stop();
      return;
    }
    const against = (last && last.audio) || [];
    if (against.length) ask(against);
    else await listen(null);
  }

  function ask(against) {
    const blocked = against.some((one) => one.kind === "minor");
    const said = against.map((one) => say({ session: "ask-session", minor: "ask-minor" }[one.kind] || "ask-person", { name: language === "zh" ? one.name_zh : one.name }));
    if (!blocked) said.push(say("ask-why"));
    $("ask-words").textContent = said.join(say("and"));
    $("ask-missing").textContent = "";
    $("reason").hidden = $("anyway").hidden = blocked;
    $("ask").hidden = false;
    (blocked ? $("instead") : $("reason")).focus();
  }

  async function anyway() {
    const reason = $("reason").value.trim();
    if (!reason) {
      $("ask-missing").textContent = say("ask-missing");
      $("reason").focus();
      return;
    }
    const people = last.audio.map((one) => one.person).filter(Boolean);
    instead();
    await listen({ reason, people });
  }

  function instead() {
    $("ask").hidden = true;
    $("reason").value = "";
    field.focus();
  }

  async function listen(override) {
    const made = new QuickSound(worker, (told) => {
      if (told.gone) stop("short");
      if (told.paused !== undefined && sound === made) {
        made.paused = told.paused;
        drawSound();
      }
    });
    sound = made;
    try {
      await made.start(() => ({ id: newId(), ...moment(), ...place(), ...(override ? { override } : {}) }));
    } catch (why) {
      sound = null;
      tell("no-mic");
      return;
    }
    if (["no-mic", "short"].includes(notice)) tell("");
    drawSound();
  }

  function stop(why = "") {
    if (!sound || sound.stopping) return;
    sound.stopping = true;
    sound.stop(iso());
    if (why) tell(why);
  }

  function ended({ id, seconds }) {
    if (!sound || sound.id !== id) return;
    sound.letGo();
    sound = null;
    drawSound();
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = clock(last).time.slice(0, 5);
    item.append(time, say("mic") + " · " + length(seconds));
    $("sent").append(item);
    if (phase !== "alone" && phase !== "handing") post({ stopped: id });
  }

  function drawSound() {
    const live = Boolean(sound && sound.seconds !== undefined && !sound.paused);
    $("live").hidden = !sound || sound.seconds === undefined;
    $("live").toggleAttribute("data-live", live);
    root.toggleAttribute("data-live", !$("live").hidden);
    $("mic").setAttribute("aria-label", say(sound ? "stop" : "mic"));
    if (!sound) return;
    $("seconds").textContent = say(sound.paused ? "paused" : "live", { time: length(sound.seconds || 0) });
    $("level").value = live ? sound.level || 0 : 0;
  }

  // -- a way out

  function save() {
    worker.postMessage({ do: "texts" });
  }

  function download(drafts) {
    const unsaved = draft ? [draft] : [];
    const all = [...new Map([...drafts, ...unsaved].map((one) => [one.id, one])).values()].filter((one) => one.text.trim());
    const text = all.map((one) => `${one.at}${one.back ? ` (−${one.back / 60} min)` : ""}\n${one.text}\n`).join("\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = `fieldlog-notes-${iso().slice(0, 16).replace(":", "")}.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SLOW_MS);
  }

  // -- what comes in

  worker.onmessage = ({ data }) => {
    if ("last" in data) {
      last = data.last;
      if (last) remember(last);
      draw();
    } else if (data.ready) {
      ready = true;
      if (notice === "waiting") tell("");
      goOn(data.ready);
      if (wanted) hand();
      else if (finished) done();
    } else if (data.kept !== undefined) {
      if (notice === "full-text") tell("");
      if (data.kept === count && phase !== "gone") $("kept").textContent = say("kept", { time: clock(last).time });
    } else if (data.refused) {
      if (data.what === "sound") stop("full-sound");
      else tell("full-text");
    } else if (data.unusable) tell("unusable");
    else if (data.handed) handed(data.handed);
    else if (data.let_go && phase === "leaving") giveWay(null);
    else if (data.texts) download(data.texts);
    else if (data.sound && sound) {
      Object.assign(sound, data.sound);
      drawSound();
    } else if (data.heard) ended(data.heard);
  };
  worker.onerror = () => tell("unusable");

  channel.onmessage = ({ data }) => {
    if (data.page !== undefined && data.page !== page) return;
    if (data.failed === undefined) heardOfPython = true;
    if (data.want === "handles") {
      wanted = true;
      if (notice === "slow") tell("");
      hand();
    } else if (data.done) done();
    else if (data.taken !== undefined) taken(data.taken);
    else if (data.failed !== undefined && phase !== "gone") {
      heardOfPython = true;
      root.dataset.why = data.failed;
      tell("failed");
    } else if (data.left) remember(data.left);
  };

  setTimeout(() => { if (!ready && !notice) tell("waiting"); }, WAITING_MS);
  setTimeout(() => { if (!heardOfPython && phase === "alone" && !notice) tell("slow"); }, SLOW_MS);

  document.addEventListener("visibilitychange", () => {
    worker.postMessage({ do: "flush" });
    if (document.visibilityState === "hidden" && phase === "gone") post({ hidden: true });
    else if (document.visibilityState === "visible" && sound) {
      sound.resume();
      sound.stayAwake();
    }
  });
  window.addEventListener("pagehide", () => worker.postMessage({ do: "flush" }));

  field.addEventListener("input", typed);
  $("send").addEventListener("click", send);
  for (const one of [$("back-1"), $("back-5")]) {
    one.addEventListener("click", () => {
      back = back === Number(one.dataset.back) ? 0 : Number(one.dataset.back);
      drawChips();
      if (draft) typed();
      field.focus();
    });
  }
  // A tap on a button leaves the keyboard where it is.
  for (const one of [...root.querySelectorAll("button"), $("stop")]) one.addEventListener("pointerdown", (event) => event.preventDefault());
  $("mic").addEventListener("click", mic);
  $("stop").addEventListener("click", () => stop());
  $("anyway").addEventListener("click", anyway);
  $("instead").addEventListener("click", instead);
  $("save").addEventListener("click", save);
  $("again").addEventListener("click", () => location.reload());

  // The keyboard of a phone lies over the page and does not make it smaller.
  if (window.visualViewport) {
    const settle = () => {
      root.style.height = `${visualViewport.height}px`;
      root.style.top = `${visualViewport.offsetTop}px`;
    };
    for (const kind of ["resize", "scroll"]) visualViewport.addEventListener(kind, settle);
  }

  const ticking = setInterval(tick, 15000);
  watching.observe(document.body, { childList: true });
  holdBack();
  worker.postMessage({ do: "begin" });
  if (!document.body.querySelector("#quick-field:focus")) field.focus();
  draw();
  performance.mark("quick-up");
  // Typed while the page was still being read.
  if (field.value) typed();
})();
