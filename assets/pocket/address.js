// The names in the browser's storage, and the channels on which page, workers and Python speak, carry the path of this
// app: a host name may have several, and none is to read or answer for another. Python says it in
// fieldlog/services/machine/machine.py, the workers for themselves: they share no script with the page.
"use strict";

const addressed = (name) => name + new URL("./", document.baseURI).pathname.replaceAll("~", "%7E").replaceAll(":", "%3A").replaceAll("/", "~");

// A worker that is loaded by its address has the policy that the service worker says with its script. Where no service
// worker is at work yet, it is begun by a script of the page's own, and has the page's policy.
function workerOf(name, options = {}) {
  if (navigator.serviceWorker?.controller) return new Worker(name, options);
  const address = new URL(name, document.baseURI).href;
  const verb = options.type === "module" ? `import ${JSON.stringify(address)};` : `importScripts(${JSON.stringify(address)});`;
  const script = new Blob([`self.fieldlogAddress = ${JSON.stringify(address)};\n${verb}`], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(script), options);
}
