// The caret rests, shown, after ten seconds in which nothing was typed: each blink draws the whole window anew, which is
// most of what a window costs in which nobody writes.
//
// Of all that Flet's client does, Flutter's caret alone repeats something every 500 ms. It begins anew, shown, at every
// change of the text, the selection or the focus; its odd calls hide it and its even calls show it.
"use strict";

(() => {
  const BLINK_MS = 500;
  const CALLS = 20;
  const repeat = globalThis.setInterval;
  globalThis.setInterval = (call, every, ...given) => {
    if (every !== BLINK_MS || typeof call !== "function") return repeat(call, every, ...given);
    let calls = 0;
    const blink = () => {
      call(...given);
      calls += 1;
      if (calls === CALLS) clearInterval(id);
    };
    const id = repeat(blink, every);
    return id;
  };
})();
