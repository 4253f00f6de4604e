// Elements from plain values. Text is only ever set as text: nothing here reads HTML.

export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(given)) {
    if (key === "on") for (const [name, work] of Object.entries(value)) made.addEventListener(name, work);
    else if (key === "data") Object.assign(made.dataset, value);
    else if (key in made && key !== "list" && key !== "role") made[key] = value;
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

export const byId = (id) => document.getElementById(id);

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

// as corrections.toml writes a time: to the millisecond, without hours where there are none
export function exact(seconds) {
  const all = Math.round(seconds * 1000);
  const minutes = Math.floor(all / 60000);
  const rest = ((all % 60000) / 1000).toFixed(3).replace(/\.?0+$/, "");
  const padded = rest.split(".")[0].length < 2 ? `0${rest}` : rest;
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${padded}` : `${minutes}:${padded}`;
}

export function say(text) {
  byId("status").textContent = text;
}
