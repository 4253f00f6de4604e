// What is asked of the server. Addresses are relative: the token in the page's own goes along.

export async function get(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

export async function send(path, what) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(what),
  });
  const told = await answer.json().catch(() => ({ error: `the server said ${answer.status}` }));
  if (!answer.ok) throw new Error(told.error ?? `the server said ${answer.status}`);
  return told;
}

// calls `heard` with what has changed; `gone` while the server does not answer
export function live(heard, gone) {
  const line = new EventSource("live");
  line.onmessage = (message) => heard(JSON.parse(message.data));
  line.onerror = gone;
}
