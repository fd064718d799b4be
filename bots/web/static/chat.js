// The page of one chat: ties the feed, what is posted and what is seen together.

import { Files } from "./files.js";
import { Feed } from "./listen.js";
import { draw, fail, fileWords, markAnswers, markDays, wordsOf } from "./messages.js";
import { Outgoing } from "./post.js";

const $ = (id) => document.getElementById(id);
const { bot } = document.body.dataset;
const page = {
  bot,
  strings: JSON.parse(document.body.dataset.strings),
  language: document.documentElement.lang,
  press,
};
const list = $("messages");
const scroll = $("scroll");
const text = $("text");
const pending = new Map(); // client id -> element that waits for its echo
const pressed = new Map(); // client id -> keyboard whose press is not stored yet
let stuck = true; // the reader is at the end and wants to stay there
let quiet = true; // the first messages come without motion
let talking = false; // something was said, by this tab or ever
let typingTimer = 0;
let noticeTimer = 0;
let lostTimer = 0;

// ---- what is seen

function atBottom() {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
}

function down() {
  stuck = true;
  scroll.scrollTop = scroll.scrollHeight;
  $("newer").hidden = true;
}

function place(item, id) {
  const after = [...list.children].findLast((other) => other.dataset.id && Number(other.dataset.id) <= id);
  const day = [...list.children].find((other) => other.dataset.at || other.classList.contains("waiting"));
  if (after) after.after(item);
  else if (day) day.before(item);
  else list.append(item);
}

function show(entry) {
  const stick = stuck || entry.from === "person";
  const echo = settle(entry);
  const old = list.querySelector(`li[data-id="${Number(entry.id)}"]`);
  begun();
  if (entry.hidden) return;
  const item = draw(entry, page);
  if (old) old.replaceWith(item);
  else place(item, entry.id);
  if (!old && !echo && !quiet) item.classList.add("fresh");
  if (entry.from !== "person" && !old) typing(false);
  markAnswers(list);
  markDays(list, page);
  if (stick || quiet) down();
  else if (!old) $("newer").hidden = false;
}

// The echo of what this tab posted takes the place of the bubble that waited for it.
function settle(entry) {
  if (entry.from !== "person") return false;
  const words = wordsOf(entry);
  const id = [...pending].find(([, item]) => item.dataset.stored && item.dataset.words === words)?.[0];
  pending.get(id)?.remove();
  return pending.delete(id);
}

function begun() {
  talking = true;
  $("welcome").hidden = true;
  if (!new URLSearchParams(location.search).has("start")) $("start").hidden = true;
}

function preview(item) {
  const entry = { from: "person", at: item.at, text: [item.text] };
  const shown = draw(entry, page);
  shown.classList.add("waiting");
  shown.dataset.words = item.text;
  list.append(shown);
  pending.set(item.client_id, shown);
  begun();
  down();
}

function typing(on, milliseconds = 10_000) {
  clearTimeout(typingTimer);
  const stick = stuck;
  const lost = !$("lost").hidden;
  $("typing").hidden = !on || lost;
  $("status").textContent = lost ? "" : on ? page.strings.typing : page.strings.online;
  if (on) typingTimer = setTimeout(() => typing(false), milliseconds);
  if (on && stick) down();
}

function notice(words) {
  clearTimeout(noticeTimer);
  $("notice").textContent = words;
  $("notice").hidden = false;
  noticeTimer = setTimeout(() => ($("notice").hidden = true), Math.max(3500, words.length * 70));
}

function release(keyboard) {
  keyboard?.querySelectorAll("button.key").forEach((key) => {
    key.disabled = false;
    key.classList.remove("pressed");
  });
}

// ---- what is posted

const outgoing = new Outgoing(bot, (item, outcome, sentence, status) => {
  if (status === 401) return stranger(item);
  const shown = pending.get(item.client_id);
  if (outcome === "stored") {
    feed.nudge();
    setTimeout(release, 4000, pressed.get(item.client_id)); // a button that goes on working
    pressed.delete(item.client_id);
    if (shown) shown.dataset.stored = "yes";
    shown?.classList.remove("waiting");
    if (item.kind === "open") opened();
    return;
  }
  typing(false);
  list.querySelectorAll(".keys").forEach(release);
  if (!shown) return notice(sentence || page.strings.failed);
  pending.delete(item.client_id);
  const again = () => {
    shown.remove();
    say(item.text);
  };
  fail(shown, sentence, again, page);
});

function say(words) {
  preview(outgoing.add({ kind: "text", text: words }));
  typing(true);
}

const files = new Files(bot, (item, outcome, sentence, status) => {
  if (status === 401) return stranger();
  const shown = pending.get(item.client_id);
  if (outcome === "stored") {
    feed.nudge();
    shown.dataset.stored = "yes";
    shown.classList.remove("waiting");
    setTimeout(() => shown.remove(), 3000); // the echo bears the name as the server keeps it
    return;
  }
  typing(false);
  pending.delete(item.client_id);
  const again = () => {
    shown.remove();
    give(item.file);
  };
  fail(shown, sentence, again, page);
});

function give(file) {
  if (file.size > Number(document.body.dataset.largest)) return notice(page.strings.file_large);
  preview({ ...files.add(file), text: fileWords(file.name) });
  typing(true);
}

function press(button, element) {
  const keyboard = element.closest(".keys");
  keyboard.querySelectorAll("button.key").forEach((key) => (key.disabled = true));
  element.classList.add("pressed");
  const item = outgoing.add({ kind: "press", token: button.token, text: button.text });
  pressed.set(item.client_id, keyboard);
  typing(true, 4000);
  if (matchMedia("(pointer: fine)").matches) text.focus({ preventScroll: true });
}

function opened() {
  history.replaceState(null, "", location.pathname);
}

// The cookie is not known here any more: a fresh page brings a new one, once.
function stranger(item) {
  const mark = `voronka.${bot}.again`;
  if (sessionStorage.getItem(mark)) return notice(page.strings.failed);
  sessionStorage.setItem(mark, "yes");
  if (item) {
    outgoing.waiting.unshift(item);
    outgoing.keep();
  }
  location.reload();
}

// ---- what is heard

const feed = new Feed(bot, {
  entry: show,
  signal(signal) {
    if (signal.typing) typing(true, 6000);
    if (!signal.notice) return;
    typing(false);
    list.querySelectorAll(".keys").forEach(release);
    notice(signal.notice);
  },
  ready() {
    if (!quiet) return;
    quiet = false;
    sessionStorage.removeItem(`voronka.${bot}.again`);
    $("welcome").hidden = talking;
    $("start").hidden = talking && !new URLSearchParams(location.search).has("start");
    down();
  },
  online(yes) {
    if (yes) {
      clearTimeout(lostTimer);
      lostTimer = 0;
      if (!$("lost").hidden) {
        $("lost").hidden = true;
        typing(false);
      }
      document.body.classList.remove("offline");
      outgoing.flush();
      return;
    }
    lostTimer ||= setTimeout(() => {
      $("lost").hidden = false;
      typing(false);
      document.body.classList.add("offline");
    }, 1500);
  },
  stranger,
});

// ---- hands

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 3}px`;
  $("send").disabled = !text.value.trim();
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  grow();
  say(words);
  text.focus();
});
text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("form").requestSubmit();
});
$("attach")?.addEventListener("click", () => $("files").click());
$("files")?.addEventListener("change", () => {
  [...$("files").files].forEach(give);
  $("files").value = "";
});
$("start").addEventListener("click", () => {
  const code = new URLSearchParams(location.search).get("start") || "";
  talking = true;
  $("start").hidden = true;
  $("welcome").hidden = true;
  outgoing.add({ kind: "open", code: /^[\w-]{1,64}$/.test(code) ? code : "" });
  typing(true);
});
$("newer").addEventListener("click", down);
scroll.addEventListener("scroll", () => {
  stuck = atBottom();
  if (stuck) $("newer").hidden = true;
}, { passive: true });
addEventListener("online", () => outgoing.flush());
const sizes = new ResizeObserver(() => stuck && down()); // pictures grow, keyboards of phones rise
sizes.observe(scroll);
sizes.observe(list);

outgoing.waiting.filter((item) => item.kind === "text").forEach(preview);
grow();
feed.start();
outgoing.flush();
