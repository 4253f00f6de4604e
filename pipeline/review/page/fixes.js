// Every correction as a question to the person and an entry for corrections.toml.

import { ask } from "./ask.js";
import { clock, exact, say } from "./dom.js";
import { parse, placeOf } from "./rows.js";

const KINDS = ["opening", "keynote", "talk", "panel", "qa", "lightning", "sponsored", "break", "closing"];
const NEW = "somebody new";

export class Fixes {
  // `send(table, values, instead)` writes a correction, in the place of another where one is given;
  // `takeBack` removes one
  constructor(model, send, takeBack) {
    this.model = model;
    this.send = send;
    this.takeBack = takeBack;
  }

  // ---- who that is

  async name(speaker, picked) {
    const one = this.model.speakers.get(speaker);
    const told = await ask({
      title: `Who is ${one.label}?`,
      about: one.evidence.map((each) => each.quote ? `${each.kind}: “${each.quote}”` : each.kind).join("; "),
      fields: [{ name: "name", label: "Name", value: one.name ?? "", options: this.#people() }],
      more: [["voice", "Another voice…"]],
    });
    if (told?.act === "voice") await this.voice(picked);
    else if (told) await this.named(speaker, told.name);
  }

  async named(speaker, name) {
    if (!name) return say("A name needs letters; to take one back, see all corrections (l).");
    const mine = this.model.speakers.get(speaker);
    const other = [...this.model.speakers.values()].find((one) => one.id !== speaker && one.seconds && one.name === name);
    const told = other && await ask({
      title: `Another voice is called ${name}`,
      about: `Is it the same person, or is that voice not ${name}? It has no name then.`,
      fields: [],
      more: [["other", "Not the same"]],
      yes: "The same person",
    });
    if (told === null) return undefined;
    if (told && !told.act) return this.send("voice", { merge: [other.moment, mine.moment] });
    const before = this.model.state.fixes.find((fix) => fix.table === "names" && fix.values.name === mine.label);
    return this.send("names", { voice: before?.values.voice ?? mine.moment, name });
  }

  #people() {
    const names = [...this.model.speakers.values()].map((one) => one.name).filter(Boolean);
    return [...new Set([...this.model.state.people, ...names])];
  }

  async voice(picked) {
    const { model } = this;
    const speaker = model.rows[picked.row].s;
    const others = [...model.speakers.values()].filter((one) => one.id !== speaker && one.seconds);
    const told = await ask({
      title: `Not ${model.label(speaker)}?`,
      about: `At ${clock(model.time({ row: picked.row, word: picked.first }))}: “${this.text(picked)}”`,
      fields: [
        { name: "what", label: "What is it", type: "select", value: "turn", options: [
          ["turn", "this turn is somebody else's"], ["split", "from this word on it is another voice"],
          ["merge", "the whole voice is the same as"]] },
        { name: "who", label: "Whose", type: "select", value: others[0]?.id ?? NEW,
          options: [...others.map((one) => [one.id, one.label]), [NEW, NEW]] },
        { name: "name", label: "Name, if new", options: this.#people() },
      ],
    });
    if (told?.what === "turn" && told.who === NEW && !told.name) say("Whose turn it is needs a name.");
    else if (told) await this.send("voice", this.#voice(told, picked, speaker));
  }

  // voices as moments: a name may be one that a model has found, and only the model knows it
  #voice({ what, who, name }, picked, speaker) {
    const { model } = this;
    const at = model.moment({ row: picked.row, word: picked.first });
    const { moment } = model.speakers.get(speaker);
    const to = who === NEW ? name : model.speakers.get(who).moment;
    if (what === "merge") return { merge: [to, moment] };
    return what === "turn" ? { turn: at, to } : { split: moment, at, ...(to && { to }) };
  }

  // ---- what was said

  async word(picked) {
    const heard = this.model.heard(picked);
    const told = await ask({
      title: "What was said?",
      about: `Heard as “${heard}”. Leave it empty to take the words out.`,
      fields: [
        { name: "written", label: "Said", value: this.text(picked) },
        { name: "all", label: "Wherever it was heard so", type: "check" },
      ],
      more: [["write", "Write a note…"], ["voice", "Another voice…"], ["talk", "The talk…"]],
    });
    if (!told) return;
    if (told.act === "write") return this.write(picked);
    if (told.act === "voice") return this.voice(picked);
    if (told.act === "talk") return this.talk(this.model.talkAt(this.model.time({ row: picked.row, word: picked.first })), picked);
    if (told.all) await this.send("replace", { heard: bare(heard), written: bare(told.written) });
    else await this.send("word", { at: this.#time(picked), heard, written: told.written });
  }

  text({ row, first, last }) {
    return this.model.rows[row].w.slice(first, last + 1).join(" ");
  }

  #time({ row, first }) {
    return exact(this.model.time({ row, word: first }));
  }

  // ---- the talks

  async talk(talk, picked) {
    const { model } = this;
    const there = picked.row >= 0 ? { row: picked.row, word: picked.first } : model.wordAt(talk.start);
    const here = model.moment(there);
    const hidden = model.state.fixes.find((fix) => fix.values.hide && within(parse(fix.values.at), talk));
    const told = await ask({
      title: `The talk at ${clock(talk.start)}`,
      about: `The picked words, at ${clock(model.time(there))}: “${here.replace(/^\S+ /, "")}”`,
      fields: [
        { name: "title", label: "Title", value: talk.title },
        { name: "kind", label: "Kind", type: "select", value: talk.kind, options: KINDS.map((kind) => [kind, kind]) },
        { name: "edge", label: "The picked words", type: "select", value: "", options: [
          ["", "do not matter here"], ["begin", "this talk begins with them, not earlier or later"],
          ["end", "the next talk begins with them"], ["split", "cut it in two: the second begins with them"]] },
        { name: "hide", label: "Leave it out of the post", type: "check", value: Boolean(hidden) },
        { name: "join", label: "Join it with the talk before", type: "check" },
        { name: "ask", label: "Ask the model again about it, when it is run", type: "check" },
      ],
    });
    if (!told) return;
    const values = {};
    const shown = hidden && !told.hide;
    if (told.title && told.title !== talk.title) values.title = told.title;
    if (told.kind !== talk.kind) values.kind = told.kind;
    if (told.edge) values[told.edge] = here;
    if (told.hide && !hidden) values.hide = true;
    if (told.join) values.join = true;
    if (told.ask) values.ask = true;
    if (shown) {
      const { hide, ...rest } = { ...hidden.values, ...values };
      if (Object.keys(rest).length > 1) return this.send("talk", rest, hidden.values);
      return this.takeBack("talk", hidden.values);
    }
    if (!Object.keys(values).length) return;
    const from = told.edge === "begin" && model.time(there) > talk.start ? there : model.wordAt(talk.start);
    await this.send("talk", { at: model.moment(from), ...values });
  }

  // a model again about one talk, from the words as they are now; a run does it
  ask(talk) {
    return this.send("talk", { at: this.model.moment(this.model.wordAt(talk.start)), ask: true });
  }

  // ---- the lines of the post

  of(note) {
    const same = (fix) => fix.table === "note" && [fix.values.note, fix.values.add].includes(note.original);
    const far = (fix) => Math.abs(parse(fix.values.at) - placeOf(note));
    const mine = this.model.state.fixes.filter((fix) => same(fix) && (note.state || note.why));
    return mine.sort((one, other) => far(one) - far(other))[0];
  }

  async note(act, note) {
    const before = this.of(note);
    const values = { at: before?.values.at ?? this.#at(note), note: note.original };
    const again = before && (act === "restore" || before.values[act] === true);
    if (again) return this.takeBack("note", before.values);
    if (act === "strike" && before?.values.add) return this.takeBack("note", before.values);
    const mine = before && (before.values.reword || before.values.pin || before.values.add);
    if (mine && act !== "strike" && act !== "reword") return say("It is yours already, and counts as accepted.");
    if (act === "accept" || act === "strike") return this.send("note", { ...values, [act]: true });
    if (act === "pin") return this.send("note", { ...values, pin: true, ...rests(note) });
    return this.#reword(note, values, before);
  }

  async #reword(note, values, before) {
    const told = await ask({
      title: "The line in your words",
      about: note.original === note.text ? "" : `It was: ${note.original}`,
      fields: [
        { name: "text", label: "Line", type: "area", value: note.text },
        { name: "own", label: "My own words: shown as such, not checked", type: "check", value: before?.values.own },
      ],
    });
    if (!told?.text || told.text === note.text) return;
    const { own: _, ...was } = before?.values ?? {};
    const own = told.own ? { own: true } : was.add ? {} : rests(note);
    const pin = was.pin ? { pin: true } : {};
    if (was.add) await this.send("note", { ...was, add: told.text, ...own }, before.values);
    else await this.send("note", { ...values, reword: told.text, ...own, ...pin }, before?.values);
  }

  #at(note) {
    return this.model.moment(this.model.wordAt(placeOf(note)));
  }

  async write(picked, draft = "", at = null) {
    const { model } = this;
    const there = at === null ? { row: picked.row, word: picked.first } : model.wordAt(at);
    const { first, last } = picked.last > picked.first ? picked : model.sentence(there);
    const quote = at === null ? this.model.heard({ row: picked.row, first, last }) : "";
    const told = await ask({
      title: "A line of yours",
      about: `At ${clock(model.time(there))}, in ${model.talkAt(model.time(there)).title}`,
      fields: [
        { name: "text", label: "Line", type: "area", value: draft },
        { name: "quotes", label: "Rests on these words, a line each", type: "area", value: quote },
        { name: "absent", label: "And on words never said in the talk", value: "" },
        { name: "own", label: "My own words: shown as such, not checked", type: "check", value: at !== null },
      ],
    });
    if (!told?.text) return;
    const quotes = told.quotes.split("\n").map((line) => line.trim()).filter(Boolean);
    const absent = told.absent.split(",").map((word) => word.trim()).filter(Boolean);
    const proof = told.own ? { own: true } : { ...(quotes.length && { quotes }), ...(absent.length && { absent }) };
    await this.send("note", { at: model.moment(there), add: told.text, ...proof });
  }

  async head() {
    const { state } = this.model;
    const caveat = state.caveat.map((note) => note.text).join("\n");
    const told = await ask({
      title: "The head of the post",
      fields: [
        { name: "caveat", label: "What to know first, a line each", type: "area", value: caveat },
        { name: "description", label: "One sentence for search engines", type: "area", value: state.description },
      ],
    });
    if (!told) return;
    if (told.caveat !== caveat) {
      await this.send("post", { caveat: told.caveat.split("\n").map((line) => line.trim()).filter(Boolean) });
    }
    if (told.description !== state.description) await this.send("post", { description: told.description });
  }
}

// what a line rests on, as corrections.toml says it, so that it stands under any model
function rests(note) {
  const of = (kind, text) => note.receipts.filter((one) => one.kind === kind).map(text);
  const all = {
    quotes: of("quote", (one) => one.cited || one.quote),
    sources: of("source", (one) => one.source),
    absent: of("absent", (one) => one.quote.split(", ")).flat(),
    sums: note.why ? [] : of("sum", (one) => one.quote.split(" = ")[0]), // of a line that fails: old numbers
    sounds: of("sound", (one) => one.quote.replace(/[[\]]/g, "")),
  };
  return Object.fromEntries(Object.entries(all).filter(([, lines]) => lines.length));
}

function within(time, talk) {
  return talk.start - 0.001 <= time && time <= talk.end;
}

function bare(text) {
  return text.replace(/^[“"'(]+|[.,;:?!”"')]+$/g, "");
}
