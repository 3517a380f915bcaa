// Sound before Python is up: from the microphone to the worker that keeps it, past the page, which may be busy.
"use strict";

const EAR = `
class Ear extends AudioWorkletProcessor {
  constructor() {
    super();
    this.held = new Int16Array(2048);
    this.at = 0;
    this.waiting = [];
    this.port.onmessage = ({ data }) => {
      if (data.out) this.out = data.out;
      else this.over = true;
    };
  }
  send(chunk) {
    this.waiting.push(chunk);
    if (!this.out) return;
    for (const one of this.waiting.splice(0)) this.out.postMessage(one, one ? [one] : []);
  }
  process(inputs) {
    // Where the microphone is gone nothing comes in; silence keeps the pace.
    const heard = inputs[0][0];
    for (let n = 0; n < 128; n += 1) {
      const sample = heard ? Math.max(-1, Math.min(1, heard[n])) : 0;
      this.held[this.at] = Math.round(sample * (sample < 0 ? 32768 : 32767));
      this.at += 1;
      if (this.at === this.held.length) {
        this.send(this.held.slice().buffer);
        this.at = 0;
      }
    }
    if (!this.over) return true;
    this.send(this.held.slice(0, this.at).buffer);
    this.send(null);
    return false;
  }
}
registerProcessor("ear", Ear);
`;
const END_MS = 700;

class QuickSound {
  // `told` hears {gone} where the microphone was taken away, and {paused} true or false.
  constructor(worker, told) {
    this.worker = worker;
    this.told = told;
    this.id = "";
  }

  // Rejects where the microphone is not allowed or not there.
  async start(sidecar) {
    const plain = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    this.context = new AudioContext();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: plain });
      const script = URL.createObjectURL(new Blob([EAR], { type: "text/javascript" }));
      await this.context.audioWorklet.addModule(script);
      URL.revokeObjectURL(script);
      await this.context.resume();
    } catch (why) {
      this.letGo();
      throw why;
    }
    const { port1, port2 } = new MessageChannel();
    this.ear = new AudioWorkletNode(this.context, "ear", { channelCount: 1, channelCountMode: "explicit" });
    this.ear.port.postMessage({ out: port1 }, [port1]);
    const about = { ...sidecar(), rate: this.context.sampleRate };
    this.id = about.id;
    this.worker.postMessage({ do: "listen", sidecar: about, port: port2 }, [port2]);
    this.context.createMediaStreamSource(this.stream).connect(this.ear).connect(this.context.destination);
    this.stream.getAudioTracks()[0].onended = () => this.told({ gone: true });
    this.context.onstatechange = () => this.turned();
    this.stayAwake();
  }

  // A call or the system took the sound away for a while: how long is kept with it.
  turned() {
    if (this.context.state === "running") {
      if (this.silentSince) this.worker.postMessage({ do: "gap", seconds: (Date.now() - this.silentSince) / 1000 });
      this.silentSince = 0;
    } else if (this.context.state !== "closed") {
      this.silentSince = this.silentSince || Date.now();
    }
    this.told({ paused: Boolean(this.silentSince) });
  }

  resume() {
    if (this.context && this.silentSince) this.context.resume();
  }

  async stayAwake() {
    try {
      this.awake = await navigator.wakeLock.request("screen");
    } catch (why) {
      // It is recorded all the same; the screen may go dark.
    }
  }

  // Everything heard until now is in the file when the worker says `heard`.
  stop(until) {
    this.worker.postMessage({ do: "until", until });
    this.ear.port.postMessage({ over: true });
    setTimeout(() => {
      // A context that was taken away does not say the rest.
      this.worker.postMessage({ do: "hush", id: this.id });
      this.letGo();
    }, END_MS);
  }

  letGo() {
    if (this.stream) for (const track of this.stream.getTracks()) track.stop();
    if (this.context && this.context.state !== "closed") this.context.close();
    if (this.awake) this.awake.release();
  }
}
