// The event in the page: words by time, talks, notes, and the moments that corrections are keyed by.

import { exact } from "./dom.js";
import { keyOf } from "./rows.js";

const MOMENT = 4; // words that go with a time, so that it is found again in other words
const HUE = 137.5; // degrees from one voice's colour to the next: no two of the first ten are alike

export class Model {
  rows = [];
  state = null;
  speakers = new Map();
  starts = new Float64Array(0);

  setWords(rows) {
    this.rows = rows;
    this.starts = Float64Array.from(rows, (row) => row.t[0] / 1000);
  }

  setState(state) {
    this.state = state;
    this.speakers = new Map(state.speakers.map((one, place) => [one.id, { ...one, hue: (place * HUE + 20) % 360 }]));
  }

  label(id) {
    return this.speakers.get(id)?.label ?? id;
  }

  notes() {
    return [...this.state.caveat, ...this.state.talks.flatMap((talk) => talk.notes)];
  }

  talkAt(time) {
    const talks = this.state.talks;
    return talks.findLast((talk) => talk.start <= time + 0.001) ?? talks[0];
  }

  // the last row that begins before a time
  rowAt(time) {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= time + 0.0005) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  wordAt(time) {
    const row = this.rowAt(time);
    const times = this.rows[row]?.t ?? [];
    let word = 0;
    while (word + 1 < times.length && times[word + 1] <= time * 1000 + 0.5) word += 1;
    return { row, word };
  }

  time({ row, word }) {
    return this.rows[row].t[word] / 1000;
  }

  // as it was heard; a word that was written as several is told once
  heard({ row, first, last }) {
    const { w, h } = this.rows[row];
    const told = w.slice(first, last + 1).map((text, n) => h[first + n] ?? text);
    return told.filter((text, n) => !n || text !== h[first + n] || text !== h[first + n - 1]).join(" ");
  }

  // "1:24.5 please welcome our next": where a correction belongs
  moment({ row, word }) {
    const words = this.heard({ row, first: word, last: word + MOMENT - 1 });
    return `${exact(this.rows[row].t[word] / 1000)} ${words}`;
  }

  // the sentence around a word, as first and last word of its row
  sentence({ row, word }) {
    const words = this.rows[row].w;
    const ends = (text) => /[.?!…]$/.test(text);
    let first = word;
    while (first > 0 && !ends(words[first - 1])) first -= 1;
    let last = word;
    while (last + 1 < words.length && !ends(words[last])) last += 1;
    return { first, last };
  }

  // the words of a row that receipts cite: true where it is this note's
  cited(row, picked) {
    const found = new Map();
    const said = this.rows[row];
    const from = said.t[0] / 1000;
    for (const note of this.notesNear(from, said.e / 1000)) {
      for (const receipt of note.receipts) {
        if (receipt.kind !== "quote") continue;
        said.t.forEach((time, word) => {
          if (time / 1000 < receipt.start - 0.001 || time / 1000 >= receipt.end) return;
          found.set(word, found.get(word) || keyOf(note) === picked);
        });
      }
    }
    return found;
  }

  notesNear(from, to) {
    return this.notes().filter((note) =>
      note.receipts.some((one) => one.kind === "quote" && one.start < to && one.end > from),
    );
  }
}
