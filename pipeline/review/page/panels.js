// What opens over the page: the post, what was left out, the corrections, the keys.

import { show } from "./ask.js";
import { el } from "./dom.js";

// [tag, children] and text, as the server reads them out of the Markdown
function grow(nodes) {
  return nodes.map((node) => (typeof node === "string" ? node : el(node[0], {}, grow(node[1]))));
}

export function post(tree, state, tally) {
  const open = state.doubts.filter((one) => !one.done).length;
  const hints = [
    open ? `${open} ${open === 1 ? "doubt is" : "doubts are"} open` : "no doubt is open",
    `${tally.accepted} of ${tally.notes} notes accepted`,
  ];
  if (state.unasked) hints.push(`a run would ask the model ${state.unasked} ${state.unasked === 1 ? "question" : "questions"} more; these talks have quotes until then`);
  show("The post as it would come out",
    el("p", { className: "hint" }, `${hints.join(", ")}. `, el("code", {}, "backrow run"), " writes it, ", el("code", {}, "backrow publish"), " puts it into your site."),
    el("div", { className: "post" }, grow(tree)));
}

export function dropped(state, take) {
  const titles = new Map(state.talks.map((talk) => [talk.index, talk]));
  const items = state.dropped.map((one) => {
    const talk = titles.get(one.talk);
    return el("li", {},
      el("p", { className: "text" }, one.text),
      el("p", { className: "why" }, one.why, talk ? ` · ${talk.title}` : ""),
      el("button", { className: "act", on: { click: () => { close(); take(one, talk); } } }, "Put it in, in my words"));
  });
  const close = show("Left out, and why", items.length ? el("ol", { className: "dropped" }, items) : el("p", {}, "Nothing was left out."));
}

export function fixes(state, takeBack) {
  const items = state.fixes.map((fix) =>
    el("li", { className: fix.why ? "astray" : "" },
      el("p", { className: "text" }, fix.text),
      fix.why ? el("p", { className: "why" }, `no longer fits: ${fix.why}`) : null,
      el("button", { className: "act", on: { click: () => { close(); takeBack(fix.table, fix.values); } } }, "Take back")));
  const close = show("Corrections",
    el("p", { className: "hint" }, "In ", el("code", {}, state.file), ", which you may edit by hand at any time."),
    items.length ? el("ol", { className: "dropped" }, items) : el("p", {}, "None yet."));
}

export function help(keys) {
  const groups = Map.groupBy(keys.filter((key) => key.help), (key) => key.group);
  show("Keys", el("div", { className: "keys" }, [...groups].map(([group, list]) =>
    el("section", {}, el("h3", {}, group),
      el("dl", {}, list.map((key) => [el("dt", {}, el("kbd", {}, key.shown ?? key.key)), el("dd", {}, key.help)]))))));
}

