// What is asked of the server. Addresses are relative: the token in the page's own goes along.

export async function get(path) {
  return told(await fetch(path, { cache: "no-store" }));
}

export async function send(path, what) {
  const headers = { "content-type": "application/json" };
  return told(await fetch(path, { method: "POST", headers, body: JSON.stringify(what) }));
}

async function told(answer) {
  const said = await answer.json().catch(() => ({ error: `the server said ${answer.status}` }));
  if (!answer.ok) throw new Error(said.error ?? `the server said ${answer.status}`);
  return said;
}

// calls `heard` with what has changed; `gone` while the server does not answer
export function live(heard, gone) {
  const line = new EventSource("live");
  line.onmessage = (message) => heard(JSON.parse(message.data));
  line.onerror = gone;
}
