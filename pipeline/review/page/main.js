// The page: what is picked, what a key or a click does, and the server's news.

import { ask } from "./ask.js";
import { byId, clock, el, say } from "./dom.js";
import { Fixes } from "./fixes.js";
import { keys, listen } from "./keys.js";
import { List } from "./list.js";
import { Model } from "./model.js";
import * as panels from "./panels.js";
import { Picture } from "./picture.js";
import { Player } from "./player.js";
import { Queue } from "./queue.js";
import { keyOf, placeOf, Rows } from "./rows.js";
import { get, live, send } from "./server.js";

class Page {
  model = new Model();
  kind = "word"; // what was picked last: a word, a note or a doubt
  words = ""; // which transcript is shown
  found = "";

  constructor() {
    const { model } = this;
    this.player = new Player((time) => this.moved(time));
    this.picture = new Picture(model, (time) => this.jump(time));
    const correct = (table, values, instead) => this.correct(table, values, instead);
    this.fixes = new Fixes(model, correct, (table, values) => this.takeBack(table, values));
    this.rows = new Rows(model, {
      hear: (from, until) => this.player.play(from, until),
      head: () => this.fixes.head(),
      talk: (talk) => this.fixes.talk(talk, this.rows.current),
      who: (speaker, row) => {
        this.pickWord(row, 0);
        return this.fixes.name(speaker, this.rows.current);
      },
      note: (act, note) => this.note(act, note),
    });
    this.list = new List(byId("scroll"), byId("list"), (row) => this.rows.make(row), (row, width) => this.rows.guess(row, width));
    this.queue = new Queue(model, this.#doubts());
    byId("list").addEventListener("click", (event) => this.click(event));
    byId("list").addEventListener("dblclick", (event) => event.target.closest(".w") && this.word());
    this.#buttons();
    listen(keys(this));
  }

  // ---- news

  async load() {
    await this.news();
    performance.mark("words");
    byId("list").setAttribute("role", "list");
    this.pickWord(0, 0);
    live((told) => this.told(told), () => this.banner("The server does not answer: is `backrow review` still running?"));
  }

  told({ version, first }) {
    this.second = !first;
    this.#banner();
    if (version !== this.model.state.version) this.news().catch((error) => this.banner(error.message));
  }

  async news() {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    const state = await get("state");
    const words = state.words === this.words ? null : await get("words");
    if (asked !== this.asked) return; // asked again since then
    if (words) {
      this.model.setWords(words);
      this.words = state.words;
    }
    this.model.setState(state);
    if (state.sound) this.player.load();
    byId("title").textContent = document.title = state.title;
    const keep = this.list.count ? this.list.first() : null;
    this.list.reset(this.rows.compose(), keep);
    this.picture.draw();
    this.queue.draw();
    this.#tally();
    this.#banner();
    byId("to-undo").disabled = !state.undo;
    byId("to-fixes").textContent = state.fixes.length ? `Corrections ${state.fixes.length}` : "Corrections";
    byId("scroll").setAttribute("aria-busy", state.busy);
  }

  #tally() {
    const notes = this.model.notes();
    this.tally = { notes: notes.length, accepted: notes.filter((note) => note.state && note.state !== "strike").length };
    byId("tally").textContent = `${this.tally.accepted} of ${this.tally.notes} notes accepted`;
  }

  #banner() {
    const { state } = this.model;
    const parts = [];
    if (state.problem) parts.push(state.problem);
    if (this.second) parts.push("This event is open on another page already; what is corrected here or there shows on both.");
    this.banner(parts.join(" "));
    if (state.busy) say("Written. The post is being put together again…");
    else if (byId("status").textContent.startsWith("Written.")) say("Written.");
  }

  banner(text) {
    byId("banner").textContent = text;
    byId("banner").hidden = !text;
  }

  // ---- the server's file

  async correct(table, values, instead) {
    await this.#do("correct", { table, values, instead });
  }

  async takeBack(table, values) {
    await this.#do("take-back", { table, values });
  }

  async #do(path, what) {
    try {
      await send(path, what);
      say("Written.");
      await this.news();
    } catch (error) {
      say(error.message);
      this.banner(error.message);
    }
  }

  undo() {
    return this.#do("undo", {});
  }

  // ---- where it is

  moved(time) {
    this.picture.at(time);
    const spoken = this.model.wordAt(time);
    const { now } = this.rows;
    if (spoken.row === now.row && spoken.word === now.word) return;
    this.#mark(now, "now", false);
    this.rows.now = spoken;
    this.#mark(spoken, "now", true);
    const goes = this.player.playing && spoken.row !== now.row;
    // what is picked stays under the mouse, for the second click of two
    if (goes && !this.player.leads && spoken.row !== this.rows.current.row) this.list.show(this.rows.byRow.get(spoken.row));
  }

  #mark({ row, word }, name, on) {
    const made = this.list.element(this.rows.byRow.get(row));
    made?.querySelector(`.w[data-word="${word}"]`)?.classList.toggle(name, on);
  }

  jump(time) {
    const { row, word } = this.model.wordAt(time);
    this.player.seek(time);
    this.pickWord(row, word);
    this.list.show(this.rows.byRow.get(row), true);
  }

  click(event) {
    const word = event.target.closest(".w");
    const note = event.target.closest(".note");
    if (word) {
      const row = Number(word.closest(".row").dataset.row);
      const place = Number(word.dataset.word);
      if (event.shiftKey && this.rows.current.row === row) return this.extend(place - this.rows.current.last);
      this.pickWord(row, place);
      this.player.play(this.model.time({ row, word: place }));
    } else if (note && !event.target.closest("button")) {
      const told = this.noteOf(note.dataset.note);
      if (told) this.pickNote(told, true);
    }
  }

  // ---- what is picked

  #pick(change) {
    Object.assign(this.rows.current, change);
    this.list.each((place, made) => this.rows.restyle(place, made));
  }

  pickWord(row, first, last = first) {
    const said = this.model.rows[row];
    if (!said) return;
    this.kind = "word";
    this.#pick({ row, first, last, note: "" });
    say(`${this.fixes.text({ row, first, last })} · ${this.model.label(said.s)} · ${clock(said.t[first] / 1000)}`);
  }

  pickNote(note, hear = false) {
    this.kind = "note";
    const { row, word } = this.model.wordAt(placeOf(note));
    this.#pick({ note: keyOf(note), row, first: word, last: word });
    this.list.show(this.rows.byNote.get(keyOf(note)));
    say(`${note.text} · ${note.state || "not looked at yet"}`);
    if (hear) this.hear();
  }

  pickDoubt(doubt, hear = false) {
    this.queue.current = doubt.id;
    const { row, word } = this.model.wordAt(doubt.start);
    const until = this.model.wordAt(Math.max(doubt.start, doubt.end - 0.05));
    this.pickWord(row, word, doubt.kind === "word" && until.row === row ? until.word : word);
    this.kind = "doubt";
    this.list.show(this.rows.byRow.get(row));
    this.queue.draw();
    say(`${doubt.text} · ${clock(doubt.start)}`);
    if (hear) this.hear();
  }

  noteOf(key) {
    return [...this.model.notes(), ...this.rows.struck].find((note) => keyOf(note) === key) ?? null;
  }

  // the note that a doubt is about: one that has left the post, or one that rests on doubtful words
  #about(doubt) {
    if (doubt.kind === "note") return this.#doubted(doubt);
    if (!["word", "unsure"].includes(doubt.kind)) return null;
    const same = this.model.notes().filter((note) => note.text === doubt.about);
    return same.find((note) => note.time === doubt.start) ?? same[0] ?? null;
  }

  get pickedNote() {
    return this.noteOf(this.rows.current.note);
  }

  // ---- what keys and buttons do

  step(words) {
    let { row, last } = this.rows.current;
    last += words;
    if (last < 0 && row > 0) last = this.model.rows[--row].w.length - 1;
    else if (last >= this.model.rows[row].w.length && row + 1 < this.model.rows.length) [row, last] = [row + 1, 0];
    this.pickWord(row, Math.min(Math.max(0, last), this.model.rows[row].w.length - 1));
    this.list.show(this.rows.byRow.get(row));
  }

  extend(words) {
    const { row, first, last } = this.rows.current;
    const end = Math.min(this.model.rows[row].w.length - 1, last + words);
    this.pickWord(row, Math.min(first, end), Math.max(first, end));
  }

  paragraph(by) {
    const row = Math.min(this.model.rows.length - 1, Math.max(0, this.rows.current.row + by));
    this.pickWord(row, 0);
    this.list.show(this.rows.byRow.get(row));
  }

  nextNote(by) {
    const notes = this.model.notes();
    if (!notes.length) return say("there are no notes");
    const place = notes.findIndex((note) => keyOf(note) === this.rows.current.note);
    const here = this.model.time({ row: this.rows.current.row, word: this.rows.current.first });
    const head = this.model.state.caveat.length; // stands above all words
    const after = (note, at) => at >= head && placeOf(note) >= here;
    const before = (note, at) => at < head || placeOf(note) <= here;
    const near = by > 0 ? notes.findIndex(after) : notes.findLastIndex(before);
    const next = place < 0 ? Math.max(0, near) : (place + by + notes.length) % notes.length;
    this.pickNote(notes[next]);
  }

  nextDoubt(by) {
    const next = this.queue.next(by);
    if (next) this.pickDoubt(next);
    else say("no doubts are left");
  }

  hear() {
    const doubt = this.kind === "doubt" ? this.queue.picked : null;
    const receipt = this.kind === "note" ? this.pickedNote?.receipts.find((one) => one.kind === "quote" || one.kind === "sound") : null;
    if (doubt) this.player.play(doubt.start - 1, Math.min(doubt.end + 1, doubt.start + 12));
    else if (receipt) this.player.play(receipt.start, receipt.end + 0.2);
    else this.player.play(this.model.time({ row: this.rows.current.row, word: this.rows.current.first }));
  }

  note(act, note) {
    const doubt = this.kind === "doubt" ? this.queue.picked : null;
    const given = note ?? (doubt ? this.#about(doubt) : this.pickedNote);
    if (!given) return say("pick a note first: j goes to the next");
    return this.fixes.note(act, given);
  }

  async accept(doubt = this.kind === "doubt" ? this.queue.picked : null) {
    if (!doubt) {
      await this.note("accept");
      return this.kind === "note" ? this.nextNote(1) : undefined;
    }
    const next = this.queue.next(1);
    const unsure = doubt.kind === "unsure" ? this.#about(doubt) : null;
    if (doubt.kind === "name") await this.fixes.named(doubt.about, this.model.speakers.get(doubt.about).name);
    else if (unsure && !unsure.state) await this.fixes.note("accept", unsure);
    else await this.#do("look", { doubt: doubt.id, done: true });
    if (next && next.id !== doubt.id) this.pickDoubt(this.model.state.doubts.find((one) => one.id === next.id) ?? next);
  }

  strike() {
    const doubt = this.kind === "doubt" ? this.queue.picked : null;
    if (doubt?.kind === "correction") return this.#remove(doubt);
    return this.note("strike");
  }

  word() {
    return this.fixes.word(this.rows.current);
  }

  name() {
    const doubt = this.kind === "doubt" && this.model.speakers.has(this.queue.picked?.about) ? this.queue.picked : null;
    return this.fixes.name(doubt?.about ?? this.model.rows[this.rows.current.row].s, this.rows.current);
  }

  voice() {
    return this.fixes.voice(this.rows.current);
  }

  talk() {
    const time = this.model.time({ row: this.rows.current.row, word: this.rows.current.first });
    return this.fixes.talk(this.model.talkAt(time), this.rows.current);
  }

  post() {
    return get("post").then((tree) => panels.post(tree, this.model.state, this.tally), (error) => this.banner(error.message));
  }

  dropped() {
    panels.dropped(this.model.state, (one, talk) => this.fixes.write(this.rows.current, one.text, talk?.start ?? 0));
  }

  corrections() {
    panels.fixes(this.model.state, (table, values) => this.takeBack(table, values));
  }

  help() {
    panels.help(keys(this));
  }

  async find() {
    const told = await ask({ title: "Find", fields: [{ name: "text", label: "Words", value: this.found }], yes: "Find next" });
    if (told?.text) this.again((this.found = told.text));
  }

  again(text = this.found) {
    const wanted = text.toLowerCase();
    const { rows } = this.model;
    for (let n = 1; n <= rows.length; n += 1) {
      const row = (this.rows.current.row + n) % rows.length;
      const at = rows[row].w.join(" ").toLowerCase().indexOf(wanted);
      if (at < 0) continue;
      const first = rows[row].w.join(" ").slice(0, at).split(" ").length - 1;
      this.pickWord(row, first, Math.min(rows[row].w.length - 1, first + wanted.split(" ").length - 1));
      this.list.show(this.rows.byRow.get(row), true);
      return;
    }
    say(`“${text}” is not in the transcript`);
  }

  // a line that has left the post
  #doubted(doubt) {
    return this.model.state.doubted.find((note) => note.text === doubt.text);
  }

  #remove(doubt) {
    const fix = this.model.state.fixes.find((one) => one.text === doubt.text);
    return fix ? this.takeBack(fix.table, fix.values) : undefined;
  }

  #doubts() {
    return {
      pick: (one, hear) => this.pickDoubt(one, hear),
      hear: () => this.hear(),
      word: () => this.word(),
      name: () => this.name(),
      voice: () => this.voice(),
      reword: () => this.note("reword"),
      strike: () => this.strike(),
      remove: (one) => this.#remove(one),
      ask: (one) => this.fixes.ask(this.model.talkAt(one.start)),
      accept: (one) => this.accept(one),
    };
  }

  #buttons() {
    const on = (id, work) => byId(id).addEventListener("click", work);
    on("play", () => this.player.toggle());
    on("back", () => this.player.back(2));
    on("speed", () => this.player.nextSpeed());
    on("to-post", () => this.post());
    on("to-dropped", () => this.dropped());
    on("to-fixes", () => this.corrections());
    on("to-undo", () => this.undo());
    on("to-help", () => this.help());
  }
}

const page = new Page();
page.load().catch((error) => {
  document.body.append(el("p", { id: "failed", role: "alert" }, `The page could not be read: ${error.message}`));
});
