// One table of keys: what they do, and what "?" lists.

export function keys(page) {
  const key = (group, key, help, work, shown) => ({ group, key, help, work, shown });
  return [
    key("Listen", " ", "play or pause", () => page.player.toggle(), "space"),
    key("Listen", "Enter", "hear what is picked", () => page.hear(), "enter"),
    key("Listen", "b", "back 2 seconds", () => page.player.back(2)),
    key("Listen", "+", "faster", () => page.player.faster(1)),
    key("Listen", "-", "slower", () => page.player.faster(-1)),
    key("Go", "d", "next doubt", () => page.nextDoubt(1)),
    key("Go", "D", "doubt before", () => page.nextDoubt(-1)),
    key("Go", "j", "next note", () => page.nextNote(1)),
    key("Go", "J", "note before", () => page.nextNote(-1)),
    key("Go", "ArrowRight", "next word", () => page.step(1), "→"),
    key("Go", "ArrowLeft", "word before", () => page.step(-1), "←"),
    key("Go", "ArrowDown", "next paragraph", () => page.paragraph(1), "↓"),
    key("Go", "ArrowUp", "paragraph before", () => page.paragraph(-1), "↑"),
    key("Go", "S-ArrowRight", "pick one word more", () => page.extend(1), "shift →"),
    key("Go", "S-ArrowLeft", "pick one word less", () => page.extend(-1), "shift ←"),
    key("Go", "/", "find words", () => page.find()),
    key("Go", "g", "find them again", () => page.again()),
    key("Decide", "a", "accept the note, or settle the doubt", () => page.accept()),
    key("Decide", "x", "strike the note, or put it back", () => page.strike()),
    key("Decide", "k", "keep the note, whatever a later model writes", () => page.note("pin")),
    key("Decide", "r", "say the note in your words", () => page.note("reword")),
    key("Decide", "w", "write a note on the picked words", () => page.fixes.write(page.rows.current)),
    key("Put right", "e", "the picked words", () => page.word()),
    key("Put right", "n", "name the voice", () => page.name()),
    key("Put right", "v", "whose voice: this turn, from here on, all of it", () => page.voice()),
    key("Put right", "t", "the talk: edges, title, kind, hide, join", () => page.talk()),
    key("Put right", "c", "caveat and description", () => page.fixes.head()),
    key("Put right", "u", "undo", () => page.undo()),
    key("See", "p", "the post as it would come out", () => page.post()),
    key("See", "o", "what was left out, and why", () => page.dropped()),
    key("See", "l", "all corrections", () => page.corrections()),
    key("See", "?", "these keys", () => page.help()),
  ];
}

export function listen(table) {
  const byKey = new Map(table.map((entry) => [entry.key, entry.work]));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const pressed = event.shiftKey && event.key.startsWith("Arrow") ? `S-${event.key}` : event.key;
    const work = byKey.get(pressed);
    const own = event.target.closest("button") && (event.key === " " || event.key === "Enter");
    if (!work || own) return;
    event.preventDefault();
    work();
  });
}
