// The whole event as a picture: a lane for each voice, talks above, the room and doubts below.

import { byId, clock } from "./dom.js";

const LANE = 7; // pixels
const TALKS = 18;
const ROOM = 12;
const MOST = 12; // voices with a lane of their own; the others share the last

export class Picture {
  #canvas = byId("picture");
  #drawn = document.createElement("canvas");
  #time = 0;

  constructor(model, jump) {
    this.model = model;
    this.jump = jump;
    this.#canvas.addEventListener("pointerdown", (event) => this.#press(event));
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.draw()).observe(byId("strip"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  get lanes() {
    return Math.min(MOST, Math.max(1, this.model.speakers.size));
  }

  draw() {
    if (!this.model.state) return;
    const ratio = devicePixelRatio || 1;
    const width = byId("strip").clientWidth;
    const height = TALKS + this.lanes * LANE + ROOM + 6;
    for (const canvas of [this.#canvas, this.#drawn]) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
    }
    this.#canvas.style.height = `${height}px`;
    this.#canvas.setAttribute("aria-valuemax", Math.ceil(this.model.state.duration));
    const pen = this.#drawn.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#talks(pen, width, height);
    this.#voices(pen, width);
    this.#room(pen, width, height);
    this.at(this.#time);
  }

  // the line that says where the sound is
  at(time) {
    this.#time = time;
    const pen = this.#canvas.getContext("2d");
    const ratio = devicePixelRatio || 1;
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    pen.drawImage(this.#drawn, 0, 0);
    pen.fillStyle = this.#ink("--ink");
    pen.fillRect(this.#x(time, this.#canvas.width), 0, 2 * ratio, this.#canvas.height);
    this.#canvas.setAttribute("aria-valuenow", Math.round(time));
    this.#canvas.setAttribute("aria-valuetext", clock(time));
  }

  #ink(name) {
    return getComputedStyle(document.body).getPropertyValue(name).trim();
  }

  #x(time, width) {
    return (time / this.model.state.duration) * width;
  }

  #talks(pen, width, height) {
    pen.font = `12px ${this.#ink("--plain")}`;
    pen.textBaseline = "middle";
    for (const talk of this.model.state.talks) {
      const [from, to] = [this.#x(talk.start, width), this.#x(talk.end, width)];
      pen.fillStyle = this.#ink("--line");
      pen.fillRect(from, 0, 1, height);
      pen.fillStyle = this.#ink("--quiet");
      pen.save();
      pen.beginPath();
      pen.rect(from, 0, Math.max(0, to - from - 4), TALKS);
      pen.clip();
      pen.fillText(talk.title, from + 5, TALKS / 2);
      pen.restore();
    }
  }

  #voices(pen, width) {
    const lane = new Map([...this.model.speakers.keys()].map((id, place) => [id, Math.min(place, MOST - 1)]));
    for (const row of this.model.rows) {
      const [from, to] = [this.#x(row.t[0] / 1000, width), this.#x(row.e / 1000, width)];
      pen.fillStyle = voice(this.model.speakers.get(row.s)?.hue ?? 0, this.#ink("--voice"));
      pen.fillRect(from, TALKS + (lane.get(row.s) ?? 0) * LANE + 1, Math.max(1, to - from), LANE - 2);
    }
  }

  #room(pen, width, height) {
    const top = TALKS + this.lanes * LANE + 3;
    for (const sound of this.model.state.sounds) {
      pen.fillStyle = this.#ink(`--${sound.kind}`);
      const from = this.#x(sound.start, width);
      const tall = 2 + sound.strength * (ROOM - 4);
      pen.fillRect(from, top + ROOM - tall, Math.max(2, this.#x(sound.end, width) - from), tall);
    }
    pen.fillStyle = this.#ink("--doubt");
    for (const doubt of this.model.state.doubts.filter((one) => !one.done)) {
      const from = this.#x(doubt.start, width);
      pen.beginPath();
      pen.moveTo(from, height - 7);
      pen.lineTo(from + 4, height);
      pen.lineTo(from - 4, height);
      pen.fill();
    }
  }

  #press(event) {
    const box = this.#canvas.getBoundingClientRect();
    this.jump(((event.clientX - box.left) / box.width) * this.model.state.duration);
  }

  #key(event) {
    const step = { ArrowLeft: -10, ArrowRight: 10, PageUp: -60, PageDown: 60 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.jump(Math.min(this.model.state.duration, Math.max(0, this.#time + step)));
  }
}

export function voice(hue, lightness) {
  return `oklch(${lightness} 0.11 ${hue})`;
}
