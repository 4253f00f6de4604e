// Rows of the transcript: headings of talks, paragraphs with the notes beside them.

import { clock, el } from "./dom.js";
import { voice } from "./picture.js";

const LINE = 26; // pixels; guesses, until a row is measured
const LETTER = 8.2;

export class Rows {
  items = []; // { talk } or { row, notes }; the first is the head of the post
  byRow = new Map(); // where a row of words stands among the items
  byNote = new Map();
  struck = []; // notes that have left the post and are still shown

  constructor(model, acts) {
    this.model = model;
    this.acts = acts; // what a click does
    this.current = { note: "", first: -1, last: -1, row: -1 }; // what is picked
    this.now = { row: -1, word: -1 }; // what is being spoken
  }

  compose() {
    const { model } = this;
    const { state } = model;
    const beside = new Map();
    const attach = (note, time) => {
      const row = model.rowAt(time);
      beside.set(row, [...(beside.get(row) ?? []), note]);
    };
    for (const talk of state.talks) for (const note of talk.notes) attach(note, placeOf(note));
    this.struck = state.struck
      .filter((fix) => !model.notes().some((note) => note.state === "strike" && note.original === fix.note))
      .map((fix) => ({ text: fix.note, original: fix.note, state: "strike", receipts: [], time: parse(fix.at) }));
    for (const note of this.struck) attach(note, note.time);
    const talks = [...state.talks];
    this.items = [{ head: true }];
    this.byRow.clear();
    this.byNote.clear();
    model.rows.forEach((said, row) => {
      while (talks.length && talks[0].start <= said.t[0] / 1000 + 0.001) this.items.push({ talk: talks.shift() });
      const notes = beside.get(row) ?? [];
      this.byRow.set(row, this.items.length);
      for (const note of notes) this.byNote.set(keyOf(note), this.items.length);
      this.items.push({ row, notes });
    });
    for (const note of state.caveat) this.byNote.set(keyOf(note), 0);
    return this.items.length;
  }

  guess(place, width) {
    const item = this.items[place];
    if (item.head) return 60 + 50 * this.model.state.caveat.length;
    if (item.talk) return 90;
    const room = Math.max(200, Math.min(width - 520, 640));
    const letters = this.model.rows[item.row].w.join(" ").length;
    const own = Math.ceil((letters * LETTER) / room) * LINE + 14;
    const notes = item.notes.reduce((sum, note) => sum + 60 + 22 * note.receipts.length, 0);
    return Math.max(own, notes);
  }

  make(place) {
    const item = this.items[place];
    if (item.head) return this.#head();
    return item.talk ? this.#talk(item.talk) : this.#paragraph(item.row, item.notes, place);
  }

  #head() {
    const { state } = this.model;
    const open = () => this.acts.head();
    return el("div", { className: "row head", role: "listitem" },
      el("p", { className: "gutter" }, "Post"),
      el("div", { className: "said" },
        el("p", { className: "description" }, state.description || "No description yet."),
        state.caveat.map((note) => this.#note(note))),
      el("p", { className: "notes" }, el("button", { className: "plain", title: "c", on: { click: open } }, "Edit caveat and description")),
    );
  }

  #talk(talk) {
    const kind = talk.kind === "break" ? "not in the post" : talk.kind;
    return el("div", { className: "row talk", role: "listitem" },
      el("p", { className: "gutter" }, clock(talk.start)),
      el("div", { className: "said" },
        el("h2", {}, talk.title),
        talk.summary && el("p", { className: "summary" }, talk.summary)),
      el("p", { className: "notes kind" }, kind, " ",
        el("button", { className: "plain", title: "t", on: { click: () => this.acts.talk(talk) } }, "Edit talk")),
    );
  }

  #paragraph(row, notes, place) {
    const { model } = this;
    const said = model.rows[row];
    const before = this.items[place - 1];
    const again = before && before.row !== undefined && model.rows[before.row].s === said.s;
    return el("div", { className: "row", role: "listitem", data: { row } },
      el("div", { className: "gutter" },
        again ? null : this.#who(said.s, row),
        el("span", { className: "time" }, clock(said.t[0] / 1000))),
      el("p", { className: "said", lang: model.state.language }, this.#words(row)),
      el("div", { className: "notes" }, notes.map((note) => this.#note(note))),
    );
  }

  #who(speaker, row) {
    const { label, hue = 0, name } = this.model.speakers.get(speaker) ?? { label: speaker };
    const dot = el("span", { className: "dot" });
    dot.style.background = voice(hue, getComputedStyle(document.body).getPropertyValue("--voice").trim());
    return el("button", { className: `who${name ? "" : " nameless"}`, title: "n: name, v: voice",
      on: { click: () => this.acts.who(speaker, row) } }, dot, label);
  }

  // what is picked and what is spoken may have changed; a second click must meet the same word
  restyle(place, made) {
    const { row } = this.items[place];
    if (row !== undefined) {
      const cited = this.model.cited(row, this.current.note);
      made.querySelectorAll(".w").forEach((span, word) => {
        const look = this.#look(row, word, cited);
        if (span.className !== look) span.className = look;
      });
    }
    for (const note of made.querySelectorAll(".note")) note.classList.toggle("picked", note.dataset.note === this.current.note);
  }

  #look(row, word, cited) {
    const said = this.model.rows[row];
    const { current, now } = this;
    const names = ["w"];
    if (said.p[word] !== undefined) names.push("low");
    if (said.h[word] !== undefined) names.push("right");
    if (cited.has(word)) names.push(cited.get(word) ? "cited borne" : "cited");
    if (current.row === row && word >= current.first && word <= current.last) names.push("picked");
    if (now.row === row && now.word === word) names.push("now");
    return names.join(" ");
  }

  #words(row) {
    const said = this.model.rows[row];
    const cited = this.model.cited(row, this.current.note);
    return said.w.flatMap((text, word) => {
      const told = said.h[word] !== undefined ? `heard: ${said.h[word]}` : said.p[word] !== undefined ? `${Math.round(said.p[word] * 100)}% sure` : "";
      return [el("span", { className: this.#look(row, word, cited), title: told, data: { word } }, text), " "];
    });
  }

  #note(note) {
    const picked = this.current.note === keyOf(note);
    const act = (name, key, label) =>
      el("button", { className: "act", title: key, data: { act: name }, on: { click: () => this.acts.note(name, note) } }, label);
    return el("article", { className: `note ${note.state}${picked ? " picked" : ""}`, data: { note: keyOf(note) } },
      el("p", { className: "text" }, note.text, this.#mark(note)),
      note.receipts.length ? el("ul", {}, note.receipts.map((one) => this.#receipt(one))) : null,
      el("div", { className: "acts" },
        note.state === "strike" ? act("restore", "x", "Put back") : [
          act("accept", "a", note.state === "accept" ? "Accepted" : "Accept"), act("strike", "x", "Strike"),
          act("reword", "r", "Reword"), act("pin", "k", note.state === "pin" ? "Kept" : "Keep")]),
    );
  }

  #mark(note) {
    const words = { accept: "accepted", pin: "kept", reword: "your words", add: "your words", strike: "struck" };
    return note.state ? el("span", { className: "mark" }, words[note.state]) : null;
  }

  #receipt(one) {
    if (one.kind === "own") return el("li", {}, one.quote);
    const quote = one.kind === "quote" || one.kind === "source" ? `“${one.cited || one.quote}”` : one.quote;
    const head = { source: one.source, sum: "sum", absent: "not said", sound: clock(one.start) }[one.kind] ?? clock(one.start);
    if (one.kind === "source" || one.kind === "sum" || one.kind === "absent") return el("li", { title: quote }, `${head}: ${quote}`);
    return el("li", {}, el("button", { className: "receipt", title: quote, on: { click: (event) => {
      event.stopPropagation();
      this.acts.hear(one.start, one.end);
    } } }, `${head} ${quote}`));
  }
}

// what tells a note from all others, also from one that says the same at another time
export function keyOf(note) {
  return `${note.time} ${note.text}`;
}

export function placeOf(note) {
  return note.receipts.find((one) => one.kind === "quote")?.start ?? note.time;
}

// "1:02:03.4 words" or "2:03": the time of a moment
export function parse(moment) {
  return moment.split(" ")[0].split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}
