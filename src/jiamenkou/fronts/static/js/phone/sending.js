// What waits is sent once: every form under the number it was given on the phone, so that a second sending of what had
// already arrived gets the first one's answer (foundation/access/idempotency.py keeps it for a day).
import { change, filled, mine, remove } from "./waiting.js";

const DAY = 23 * 60 * 60_000; // a little less than the house remembers numbers
const UNKNOWN = "unknown";

/** Whether the worker saw the house answer this form: then it is not sent a second time. */
async function answered(form) {
  const worker = navigator.serviceWorker?.controller;
  if (!worker || !form.tried) return false;
  const { port1, port2 } = new MessageChannel();
  const told = new Promise((done) => { port1.onmessage = ({ data }) => done(data); setTimeout(() => done(0), 1000); });
  worker.postMessage({ ask: "answered", path: new URL(form.action, location.href).pathname }, [port2]);
  return (await told) >= form.tried;
}

/** Sends mine. Returns {sent: [{label, href}], waiting, refused}; where the signal goes, the rest stays. */
export async function send(csrf) {
  const run = async () => {
    const sent = [];
    for (const form of await mine()) {
      if (await answered(form)) { await remove(form.id); continue; }
      if (form.problem) continue;
      if (form.tried && Date.now() > form.tried + DAY) { await change(form, { problem: UNKNOWN }); continue; }
      const href = await one(form, csrf);
      if (href === null) break;
      if (href) sent.push({ label: form.label, href });
    }
    return { sent, ...(await counts()) };
  };
  return navigator.locks ? navigator.locks.request("phone-sending", run) : run();
}

export async function counts() {
  const rows = await mine();
  const refused = rows.filter((form) => form.problem).length;
  return { waiting: rows.length - refused, refused };
}

/** Where it went; "" where the house refused it; null where it has not got through and waits on. */
async function one(form, csrf) {
  await change(form, { tried: form.tried || Date.now() });
  let answer;
  try {
    answer = await fetch(form.action, {
      method: "POST", body: filled(form), cache: "no-store",
      headers: { "X-CSRFToken": csrf, "Idempotency-Key": form.id, "Sent-Later": "1" },
    });
  } catch {
    return null;
  }
  const { pathname, search } = new URL(answer.url);
  if (answer.redirected && pathname.startsWith("/signin/")) return null; // it waits for them to sign in again
  if (answer.redirected && answer.ok && !pathname.startsWith("/me/link/")) {
    await remove(form.id);
    return pathname + search;
  }
  const isPage = answer.headers.get("Content-Type")?.startsWith("text/html");
  if (answer.status === 401 || answer.status === 403 || answer.status === 429 || answer.status >= 500 || (!isPage && answer.status === 409)) return null;
  await change(form, { tried: 0, problem: isPage ? words(await answer.text()) : String(answer.status) });
  return "";
}

/** What the house says against it, in its own words. */
function words(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const said = [...page.querySelectorAll("main .note.red, main .error, main .note")];
  const against = said.filter((node) => node.matches(".red, .error"));
  const chosen = against.length ? against : said.length ? said.slice(0, 1) : [...page.querySelectorAll("h1")].slice(0, 1);
  return [...new Set(chosen.map((node) => node.textContent.trim().replace(/\s+/g, " ")))].join(" ") || "…";
}
