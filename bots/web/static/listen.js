// The feed: a stream of events, and polling where the stream does not come through.

const PATIENCE = 8_000;
const POLL = 2_000;
const EAGER = 300;

export class Feed {
  constructor(bot, heard) {
    this.base = `/chat/${bot}`;
    this.heard = heard; // {entry, signal, ready, online, stranger}
    this.after = "";
    this.stream = null;
    this.polling = 0;
    this.eager = 0;
    this.left = 0;
    this.errors = 0;
    this.greeted = false; // a stream came through once
  }

  start() {
    clearTimeout(this.patience);
    this.stream?.close();
    const from = this.after ? `?after=${encodeURIComponent(this.after)}` : "";
    const stream = new EventSource(`${this.base}/feed${from}`);
    this.stream = stream;
    // a proxy that holds the stream back lets nothing through, not even the first word
    this.patience = setTimeout(() => this.fall(stream), PATIENCE);
    stream.addEventListener("hello", () => {
      clearTimeout(this.patience);
      this.halt();
      this.greeted = true;
      this.errors = 0;
      this.heard.online(true);
    });
    stream.addEventListener("ready", () => this.heard.ready());
    stream.onmessage = (event) => {
      if (event.lastEventId) this.after = event.lastEventId;
      this.tell(JSON.parse(event.data));
    };
    stream.onerror = () => {
      this.heard.online(false);
      this.errors += 1;
      if (this.errors > 1 || stream.readyState === EventSource.CLOSED) this.fall(stream);
    };
  }

  tell(data) {
    if (data.signal) this.heard.signal(data.signal);
    else this.heard.entry(data);
  }

  fall(stream) {
    clearTimeout(this.patience);
    if (stream !== this.stream) return;
    stream.close();
    if (!this.polling) this.poll(this.greeted ? 1 : 30);
  }

  halt() {
    clearTimeout(this.polling);
    this.polling = 0;
  }

  // something was posted: an answer is near
  nudge() {
    this.eager = 5;
    if (this.polling <= 0) return;
    clearTimeout(this.polling);
    this.poll(this.left);
  }

  // after `left` good answers the stream is tried again
  async poll(left) {
    this.polling = -1;
    let good = false;
    let more = false;
    try {
      const answer = await fetch(`${this.base}/messages?after=${encodeURIComponent(this.after)}`, {
        signal: AbortSignal.timeout(15_000),
      });
      if (answer.status === 401) return this.heard.stranger();
      if (answer.ok) {
        const page = await answer.json();
        page.messages.forEach((entry) => this.heard.entry(entry));
        ({ after: this.after, more } = page);
        good = true;
      }
    } catch { /* still no connection */ }
    this.heard.online(good);
    if (good && !more) this.heard.ready();
    if (good && !more && left <= 1) {
      this.polling = 0;
      this.start();
      return;
    }
    this.left = good && !more ? left - 1 : left;
    this.eager = Math.max(0, this.eager - 1);
    const pause = more ? 0 : this.eager ? EAGER : POLL;
    this.polling = setTimeout(() => this.poll(this.left), pause);
  }
}
