// The sound: play from here, up to there, slower or faster; tells where it is on every frame.

import { byId, clock, say } from "./dom.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2, 2.5];
const LEAD = 0.15; // seconds before a word, so that its beginning is heard

export class Player {
  #from = 0;
  #until = Infinity;
  #audio = byId("audio");
  #shown = "";

  constructor(moved) {
    this.moved = moved;
    this.#audio.addEventListener("play", () => this.#frame());
    for (const name of ["play", "pause", "ended"]) this.#audio.addEventListener(name, () => this.#show());
    this.#audio.addEventListener("seeked", () => this.#tell());
    this.#audio.addEventListener("error", () => this.#audio.src && say("the sound cannot be played here"));
  }

  load() {
    if (this.#audio.src) return;
    this.#audio.src = "sound";
    this.#show();
  }

  get ready() {
    return Boolean(this.#audio.src);
  }

  get time() {
    return this.#audio.currentTime;
  }

  // whether it plays what is before the word that was asked for
  get leads() {
    return this.time < this.#from && this.time >= this.#from - LEAD;
  }

  get playing() {
    return !this.#audio.paused;
  }

  // where it stands, without a sound
  seek(time) {
    this.#until = Infinity;
    if (this.ready) this.#audio.currentTime = Math.max(0, time);
    else this.moved(time);
  }

  play(from, until = Infinity) {
    if (!this.ready) {
      this.moved(from);
      return say("this event has no sound");
    }
    this.#from = from;
    this.#until = until;
    this.#audio.currentTime = Math.max(0, from - LEAD);
    this.#audio.play().catch(() => {});
  }

  toggle() {
    if (!this.ready) return this.play(0);
    this.#until = Infinity;
    if (this.playing) this.#audio.pause();
    else this.#audio.play().catch(() => {});
  }

  back(seconds) {
    this.#audio.currentTime = Math.max(0, this.time - seconds);
  }

  faster(by) {
    const place = SPEEDS.indexOf(this.#audio.playbackRate);
    const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (place < 0 ? 1 : place) + by))];
    this.#audio.playbackRate = next;
    this.#audio.defaultPlaybackRate = next;
    byId("speed").textContent = `${next}×`;
    say(`${next} times as fast`);
  }

  nextSpeed() {
    this.faster(this.#audio.playbackRate >= SPEEDS.at(-1) ? 1 - SPEEDS.length : 1);
  }

  #frame() {
    if (!this.playing) return;
    if (this.time >= this.#until) {
      this.#until = Infinity;
      this.#audio.pause();
    }
    this.#tell();
    requestAnimationFrame(() => this.#frame());
  }

  #tell() {
    const shown = clock(this.time);
    if (shown !== this.#shown) byId("clock").textContent = this.#shown = shown;
    this.moved(this.time);
  }

  #show() {
    const button = byId("play");
    button.textContent = this.playing ? "❚❚" : "▶";
    button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    for (const id of ["play", "back", "speed"]) byId(id).disabled = !this.ready;
  }
}
