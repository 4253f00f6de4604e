// A question in a dialog: fields, one button that says yes; escape says no.

import { el } from "./dom.js";

export function ask({ title, about = "", fields, yes = "Save", more = [] }) {
  return new Promise((answered) => {
    const inputs = new Map();
    const shown = fields.map((field) => {
      const input = build(field);
      inputs.set(field.name, { field, input });
      const label = el("label", { className: field.type ?? "text" }, el("span", {}, field.label), input);
      return field.options && field.type !== "select" ? [label, list(field, input)] : label;
    });
    const done = (told) => {
      dialog.close();
      dialog.remove();
      answered(told);
    };
    const values = () => Object.fromEntries([...inputs].map(([name, { field, input }]) =>
      [name, field.type === "check" ? input.checked : input.value.trim()]));
    const form = el("form", { on: { submit: (event) => { event.preventDefault(); done(values()); } } },
      el("h2", { id: "ask" }, title), about ? el("p", { className: "about" }, about) : null, shown,
      el("menu", {},
        more.map(([act, label]) => el("button", { type: "button", on: { click: () => done({ act }) } }, label)),
        el("span", { className: "room" }),
        el("button", { type: "button", on: { click: () => done(null) } }, "Cancel"),
        el("button", { className: "yes" }, yes)));
    const dialog = el("dialog", { className: "ask", "aria-labelledby": "ask",
      on: { cancel: (event) => { event.preventDefault(); done(null); }, keydown: (event) => keys(event, form) } }, form);
    document.body.append(dialog);
    dialog.showModal();
    const first = inputs.values().next().value?.input ?? dialog.querySelector(".yes");
    first.focus();
    first.select?.();
  });
}

// Enter sends, on a list of choices too; in a longer text it begins a line, and Ctrl-Enter sends
function keys(event, form) {
  event.stopPropagation();
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || event.target.tagName === "SELECT")) return;
  event.preventDefault();
  form.requestSubmit();
}

let lists = 0;

function build({ name, type = "text", value = "", options = [] }) {
  if (type === "area") return el("textarea", { name, rows: 3, value });
  if (type === "check") return el("input", { name, type: "checkbox", checked: Boolean(value) });
  if (type === "select") {
    const made = el("select", { name }, options.map(([key, label]) => el("option", { value: key }, label)));
    made.value = value;
    return made;
  }
  return el("input", { name, type: "text", value, autocomplete: "off", spellcheck: true });
}

function list(field, input) {
  lists += 1;
  const id = `known-${lists}`;
  input.setAttribute("list", id);
  return el("datalist", { id }, field.options.map((text) => el("option", { value: text })));
}

// something to read, with a button to close it
export function show(title, ...content) {
  const close = () => { dialog.close(); dialog.remove(); };
  const dialog = el("dialog", { className: "show", "aria-labelledby": "show",
    on: { cancel: (event) => { event.preventDefault(); close(); }, keydown: (event) => event.stopPropagation() } },
    el("div", { className: "bar" }, el("h2", { id: "show" }, title), el("button", { on: { click: close } }, "Close")),
    el("div", { className: "body", tabindex: 0 }, content));
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".body").focus();
  return close;
}
