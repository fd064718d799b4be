// Messages as elements; every word is put in as text, never as HTML.

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function link(element, url) {
  element.href = url;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
  return element;
}

function span(piece) {
  if (typeof piece === "string") return document.createTextNode(piece);
  let element = document.createTextNode(piece.text);
  if (piece.code) element = make("code", "", element);
  if (piece.italic) element = make("i", "", element);
  if (piece.bold) element = make("b", "", element);
  return piece.url ? link(make("a", "", element), piece.url) : element;
}

function picture(one, strings) {
  const image = make("img");
  image.src = one.url;
  image.alt = one.label || strings.picture;
  image.decoding = "async";
  const opened = link(make("a", "", image), one.url);
  return opened;
}

function player(tag, one) {
  const element = make(tag, one.kind === "video_note" ? "round" : "");
  element.src = one.url;
  element.controls = true;
  element.preload = "metadata";
  if (tag === "video") element.playsInline = true;
  return element;
}

// The picture of an option stands over its number and words.
function figure(one, strings) {
  const words = make("figcaption", "", one.label);
  words.dir = "auto";
  return make("figure", "", picture(one, strings), words);
}

// What the visitor sent is theirs alone: the address holds under their cookie only.
function own(one, { bot, strings }) {
  const url = one.url ?? `/chat/${bot}/files/${one.own}`;
  const name = one.name || strings.file;
  if (one.kind === "photo") return picture({ url }, strings);
  const file = link(make("a", "file", name), url);
  file.download = name;
  file.setAttribute("aria-label", `${strings.file}: ${name}`);
  return file;
}

function medium(one, page) {
  if (one.own) return own(one, page);
  const { strings } = page;
  if (one.label) return figure(one, strings);
  if (one.kind === "photo") return picture(one, strings);
  if (one.kind === "video" || one.kind === "video_note") return player("video", one);
  if (one.kind === "audio" || one.kind === "voice") return player("audio", one);
  const file = link(make("a", "file", one.name), one.url);
  file.setAttribute("aria-label", `${strings.file}: ${one.name}`);
  return file;
}

function isSeen(one) {
  return one.kind === "photo" || one.kind === "video";
}

// Pictures and films that follow one another share a grid; the rest stand one under another.
function albums(media) {
  const found = [];
  for (const one of media) {
    const last = found.at(-1)?.at(-1);
    if (last && isSeen(last) === isSeen(one) && Boolean(last.label) === Boolean(one.label)) found.at(-1).push(one);
    else found.push([one]);
  }
  return found;
}

function clock(at, language) {
  const moment = new Date(at);
  const element = make("time", "", moment.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" }));
  element.dateTime = moment.toISOString();
  return element;
}

function bubble(entry, page) {
  const { strings, language } = page;
  const box = make("div", "bubble");
  if (entry.from === "manager") box.append(make("span", "author", strings.manager));
  else box.append(make("span", "unseen", `${entry.from === "person" ? strings.you : strings.bot}: `));
  for (const album of albums(entry.media || [])) {
    const many = album.length > 1 && isSeen(album[0]);
    box.append(make("div", many ? "media many" : "media", ...album.map((one) => medium(one, page))));
  }
  if (entry.text) {
    const words = make("span", "words", ...entry.text.map(span));
    words.dir = "auto";
    box.append(words);
  }
  box.append(clock(entry.at, language));
  return box;
}

function key(button, press) {
  if (button.href) return link(make("a", "key link", button.text), button.href);
  const element = make("button", "key", button.text);
  element.type = "button";
  element.addEventListener("click", () => press(button, element));
  return element;
}

function keys(rows, press) {
  return make("div", "keys", ...rows.map((row) => make("div", "row", ...row.map((one) => key(one, press)))));
}

export function wordsOf(entry) {
  const words = (entry.text || []).map((piece) => piece.text ?? piece).join("");
  const own = (entry.media || []).find((one) => one.own);
  return words || (own ? fileWords(own.name) : "");
}

export function fileWords(name) {
  return `📎 ${name}`;
}

export function draw(entry, page) {
  const item = make("li", entry.from);
  item.dataset.id = entry.id ?? "";
  item.dataset.at = entry.at;
  item.dataset.words = wordsOf(entry);
  if (entry.text || entry.media) item.append(bubble(entry, page));
  if (entry.rows) {
    item.classList.add("asked");
    item.append(keys(entry.rows, page.press));
  }
  if (entry.chosen) {
    item.classList.add("asked");
    item.dataset.chosen = entry.chosen;
    const words = make("span", "", `✓ ${entry.chosen}`);
    words.dir = "auto";
    item.append(make("p", "chosen", make("span", "unseen", `${page.strings.chosen}: `), words));
  }
  return item;
}

export function fail(item, sentence, again, { strings }) {
  const retry = make("button", "", strings.retry);
  retry.type = "button";
  retry.addEventListener("click", again);
  item.classList.remove("waiting");
  item.append(make("span", "failed", `${sentence || strings.failed} `, retry));
}

// A pressed option is the person's next words: it is shown there, ticked, and not twice.
export function markAnswers(list) {
  const items = [...list.children];
  for (const question of items.filter((item) => item.dataset.chosen)) {
    const answer = items.slice(items.indexOf(question)).find(
      (item) => item.classList.contains("person") && item.dataset.words === question.dataset.chosen);
    question.querySelector(".chosen").hidden = Boolean(answer);
    const words = answer?.querySelector(".words");
    if (words && !answer.classList.contains("answer")) words.prepend(make("span", "tick", "✓ "));
    answer?.classList.add("answer");
  }
}

function day(at, { strings, language }) {
  const moment = new Date(at);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return strings.today;
  if (days === 1) return strings.yesterday;
  const year = moment.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return moment.toLocaleDateString(language, { day: "numeric", month: "long", year });
}

// One line between days, none before a conversation that began and goes on today.
export function markDays(list, page) {
  list.querySelectorAll(".day").forEach((line) => line.remove());
  let last = page.strings.today;
  for (const item of [...list.children]) {
    const words = day(Number(item.dataset.at), page);
    if (words !== last) item.before(make("li", "day", words));
    last = words;
  }
}
