// The names in the browser's storage, and the channels on which page, workers and Python speak, carry the path of this
// app: a host name may have several, and none is to read or answer for another. Python says it in
// fieldlog/services/machine/machine.py, the workers for themselves: they share no script with the page.
"use strict";

const addressed = (name) => name + new URL("./", document.baseURI).pathname.replaceAll("~", "%7E").replaceAll(":", "%3A").replaceAll("/", "~");
