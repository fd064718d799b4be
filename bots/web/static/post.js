// What the visitor did and the server may not have yet: kept in the tab, posted in order,
// again with the same id until it is stored.

const LONGEST_PAUSE = 10_000;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outgoing {
  constructor(bot, changed) {
    this.address = `/chat/${bot}/say`;
    this.place = `voronka.${bot}`;
    this.changed = changed;
    this.waiting = this.restored();
    this.busy = false;
    this.pause = 500;
    this.timer = 0;
  }

  restored() {
    try {
      return JSON.parse(sessionStorage.getItem(this.place)) || [];
    } catch {
      return [];
    }
  }

  keep() {
    try {
      sessionStorage.setItem(this.place, JSON.stringify(this.waiting));
    } catch { /* a private window keeps nothing; the page still does */ }
  }

  add(item) {
    const full = { client_id: newId(), at: Date.now(), ...item };
    this.waiting.push(full);
    this.keep();
    this.flush();
    return full;
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    while (this.waiting.length && (await this.post(this.waiting[0])));
    this.busy = false;
  }

  async post(item) {
    const { at, ...body } = item;
    let answer;
    try {
      answer = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
    } catch {
      return this.later(0);
    }
    if (answer.status === 429 || answer.status >= 500) {
      return this.later(Number(answer.headers.get("Retry-After")) * 1000);
    }
    const said = answer.ok ? {} : await answer.json().catch(() => ({}));
    this.pause = 500;
    this.waiting = this.waiting.filter((other) => other !== item);
    this.keep();
    this.changed(item, answer.ok ? "stored" : "refused", said.error, answer.status);
    return true;
  }

  later(asked) {
    this.timer = setTimeout(() => this.flush(), asked || this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    return false;
  }
}
