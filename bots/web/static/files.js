// Files that the visitor sends: posted one after another, again with the same id until they are stored.

import { newId } from "./post.js";

const TRIES = 5;
const PAUSE = 2_000;

export class Files {
  constructor(bot, changed) {
    this.address = `/chat/${bot}/upload`;
    this.changed = changed;
    this.last = Promise.resolve();
  }

  add(file) {
    const item = { client_id: newId(), at: Date.now(), file };
    this.last = this.last.then(() => this.post(item, TRIES));
    return item;
  }

  async post(item, left) {
    let answer;
    try {
      answer = await fetch(`${this.address}?id=${item.client_id}`, {
        method: "POST",
        headers: {
          "Content-Type": item.file.type || "application/octet-stream",
          "X-File-Name": encodeURIComponent(item.file.name.slice(-200)),
        },
        body: item.file,
        signal: AbortSignal.timeout(180_000),
      });
    } catch { /* no connection, or the file was taken away */ }
    const busy = !answer || answer.status === 429 || answer.status >= 500;
    if (busy && left > 1) {
      const asked = Number(answer?.headers.get("Retry-After")) * 1000;
      await new Promise((resume) => setTimeout(resume, asked || PAUSE));
      return this.post(item, left - 1);
    }
    const said = !answer || answer.ok ? {} : await answer.json().catch(() => ({}));
    this.changed(item, answer?.ok ? "stored" : "refused", said.error, answer?.status);
  }
}
