// Doubts first: what a person should look at, one after the other.

import { byId, clock, el } from "./dom.js";

const ASKED = {
  hearing: "Heard right?",
  word: "Heard right?",
  nameless: "Who is that?",
  name: "Is the name right?",
  notes: "Look at the notes",
  unsure: "The judge was unsure of it",
  note: "A line that no longer holds",
  correction: "A correction that no longer fits",
};

export class Queue {
  constructor(model, acts) {
    this.model = model;
    this.acts = acts;
    this.current = "";
  }

  get open() {
    return this.model.state.doubts.filter((one) => !one.done);
  }

  get picked() {
    return this.model.state.doubts.find((one) => one.id === this.current) ?? null;
  }

  // the next open one after the picked one, by time; around from the end
  next(by) {
    const { open, picked } = this;
    if (!open.length) return null;
    const place = open.findIndex((one) => one.id === this.current);
    if (place >= 0) return open[(place + by + open.length) % open.length];
    const after = picked ? open.findIndex((one) => one.start >= picked.start) : 0;
    return open[Math.max(0, after)];
  }

  draw() {
    const { open } = this;
    const left = open.length;
    byId("queue-title").textContent = left === 1 ? "1 doubt" : left ? `${left} doubts` : "No doubts left";
    byId("queue").replaceChildren(...open.map((one) => this.#item(one)));
    byId("queue").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  #item(one) {
    const picked = one.id === this.current;
    const head = el("button", { className: "doubt", on: { click: () => this.acts.pick(one, true) } },
      el("span", { className: "time" }, clock(one.start)), el("span", { className: "asked" }, ASKED[one.kind] ?? one.kind),
      el("span", { className: "what" }, one.kind === "word" ? `“${one.text}”` : one.text));
    const under = picked && (one.why || (one.kind === "word" && one.about));
    const note = under ? el("p", { className: "under" }, under) : null;
    const acts = picked ? el("div", { className: "acts" }, this.#acts(one)) : null;
    return el("li", { className: picked ? "picked" : "", "aria-current": picked ? "true" : null }, head, note, acts);
  }

  #acts(one) {
    const act = (label, key, work) => el("button", { className: "act", title: key, on: { click: () => work(one) } }, label);
    const { acts } = this;
    const own = {
      word: [act("Correct it", "e", acts.word)],
      nameless: [act("Name", "n", acts.name), act("Same voice as…", "v", acts.voice)],
      name: [act("Another name", "n", acts.name)],
      notes: [act("Ask again", "", acts.ask)],
      unsure: [act("Reword", "r", acts.reword), act("Strike", "x", acts.strike)],
      note: [act("Reword", "r", acts.reword), act("Strike", "x", acts.strike), act("Ask again", "", acts.ask)],
      correction: [act("Remove it", "x", acts.remove)],
    }[one.kind] ?? [act("Correct a word", "e", acts.word)];
    const fine = { nameless: "Leave", word: "It is right", name: "It is right", hearing: "It is right", unsure: "Accept" }[one.kind] ?? "Seen";
    return [act("Listen", "enter", acts.hear), ...own, act(fine, "a", acts.accept)];
  }
}
