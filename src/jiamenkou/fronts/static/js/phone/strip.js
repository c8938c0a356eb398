// What the strip says: since when, how many wait, how many were refused. Its words stand in components/offline.html.

const one = (selector) => document.querySelector(selector);
const words = () => one("[data-strips]")?.dataset ?? {};
const DAY = 24 * 60 * 60_000;

/** 9:12 · 昨天 9:12 · 11月28日 9:12 */
export function clock(at) {
  const then = new Date(at);
  const time = `${then.getHours()}:${String(then.getMinutes()).padStart(2, "0")}`;
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / DAY);
  if (days === 0) return time;
  if (days === 1) return `${words().yesterday} ${time}`;
  return `${new Intl.DateTimeFormat(document.documentElement.lang || "zh", { month: "long", day: "numeric" }).format(then)} ${time}`;
}

/** ``cut``: what is seen is old, from ``seen``; ``slow``: there is a signal, but the house does not answer. */
export function show({ cut, slow = false, seen, waiting = 0, refused = 0 }) {
  const strip = one("[data-offline]");
  if (!strip) return;
  strip.hidden = !cut;
  strip.querySelector("[data-cut]").hidden = slow;
  strip.querySelector("[data-slow]").hidden = !slow;
  strip.querySelectorAll("[data-seen]").forEach((place) => { place.textContent = clock(seen); });
  const more = strip.querySelector("[data-waiting]");
  more.hidden = !waiting;
  more.querySelector("[data-count]").textContent = waiting;
  const against = one("[data-refused]");
  against.hidden = !refused;
  against.querySelector("[data-count]").textContent = refused;
}

/** A sentence at the top that stays until it is pressed away; with ``href`` it leads somewhere. */
export function say(text, href = "") {
  const toast = document.createElement("p");
  toast.className = "toast new";
  const said = document.createElement(href ? "a" : "span");
  said.className = "grow";
  if (href) said.href = href;
  said.textContent = text;
  const away = document.createElement("button");
  away.className = "close";
  away.type = "button";
  away.dataset.away = "";
  away.textContent = "✕";
  away.setAttribute("aria-label", word("awayWord"));
  toast.append(said, away);
  one(".toasts")?.replaceChildren(toast);
}

export const word = (name) => words()[name] ?? "";
