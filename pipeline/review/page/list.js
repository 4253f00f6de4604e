// A list of which only what is near the window is in the page: eight hours are 5,000 rows.

const AROUND = 600; // pixels above and below the window that are kept in the page

export class List {
  #tops = new Float64Array(1); // where each row begins, and where the last one ends
  #heights = [];
  #made = new Map(); // by row, what is in the page
  #width = 0;

  // `make(row)` gives an element, `guess(row, width)` its height until it is measured
  constructor(window, inner, make, guess) {
    this.window = window;
    this.inner = inner;
    this.make = make;
    this.guess = guess;
    this.count = 0;
    window.addEventListener("scroll", () => this.#ask(), { passive: true });
    new ResizeObserver(() => {
      if (this.#width !== window.clientWidth) this.reset(this.count, this.first());
    }).observe(window);
  }

  // other rows, or rows of another height; `keep` stays where it is
  reset(count, keep = null) {
    const within = keep === null ? 0 : this.window.scrollTop - (this.#tops[keep] ?? 0);
    this.count = count;
    this.#width = this.window.clientWidth;
    this.#heights = Array.from({ length: count }, (_, row) => this.guess(row, this.#width));
    for (const made of this.#made.values()) made.remove();
    this.#made.clear();
    this.#sum(0);
    if (keep !== null) this.window.scrollTop = this.#tops[Math.min(keep, count)] + within;
    this.draw();
  }

  // the first row that is seen
  first() {
    return this.#at(this.window.scrollTop);
  }

  // what is in the page, row by row: to make it look otherwise without making it again
  each(look) {
    for (const [row, made] of this.#made) look(row, made);
  }

  element(row) {
    return this.#made.get(row);
  }

  // bring a row into the window, a third from its top, if it is not seen
  show(row, always = false) {
    const { scrollTop, clientHeight } = this.window;
    const top = this.#tops[row];
    const seen = top >= scrollTop && this.#tops[row + 1] <= scrollTop + clientHeight - 20;
    if (seen && !always) return;
    this.window.scrollTop = Math.max(0, top - clientHeight / 3);
    this.draw();
    this.window.scrollTop = Math.max(0, this.#tops[row] - clientHeight / 3);
    this.draw();
  }

  draw() {
    const from = this.#at(this.window.scrollTop - AROUND);
    const to = this.#at(this.window.scrollTop + this.window.clientHeight + AROUND);
    for (const [row, made] of this.#made) {
      if (row < from || row > to) {
        made.remove();
        this.#made.delete(row);
      }
    }
    for (let row = from; row <= to && row < this.count; row += 1) {
      if (!this.#made.has(row)) {
        const made = this.#place(row);
        const next = [...this.#made.keys()].filter((each) => each > row).sort((a, b) => a - b)[0];
        this.inner.insertBefore(made, next === undefined ? null : this.#made.get(next));
        this.#made.set(row, made);
      }
    }
    this.#measure();
  }

  #asked = false;
  #ask() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.draw();
    });
  }

  #place(row) {
    const made = this.make(row);
    made.style.transform = `translateY(${this.#tops[row]}px)`;
    made.setAttribute("aria-setsize", this.count);
    made.setAttribute("aria-posinset", row + 1);
    return made;
  }

  // the true heights of what is in the page; what is seen stays where it is
  #measure() {
    let changed = this.count;
    const before = this.first();
    const within = this.window.scrollTop - this.#tops[before];
    for (const [row, made] of this.#made) {
      const height = made.offsetHeight;
      if (height && Math.abs(height - this.#heights[row]) > 0.5) {
        this.#heights[row] = height;
        changed = Math.min(changed, row);
      }
    }
    if (changed === this.count) return;
    this.#sum(changed);
    for (const [row, made] of this.#made) made.style.transform = `translateY(${this.#tops[row]}px)`;
    if (changed < before) this.window.scrollTop = this.#tops[before] + within;
  }

  #sum(from) {
    if (this.#tops.length !== this.count + 1) {
      const tops = new Float64Array(this.count + 1);
      tops.set(this.#tops.subarray(0, Math.min(from + 1, this.count + 1)));
      this.#tops = tops;
    }
    for (let row = from; row < this.count; row += 1) this.#tops[row + 1] = this.#tops[row] + this.#heights[row];
    this.inner.style.height = `${this.#tops[this.count]}px`;
  }

  #at(top) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#tops[middle + 1] <= top) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, Math.max(0, this.count - 1));
  }
}
