// One after the other, each with its own number, until the server has said that it has it.
import * as queue from "./queue.js";
import { toText } from "./seal.js";

const HOME = "/desk/visits/door/";
let csrf = "";

/** Asks who is signed in. Throws where there is no signal. */
export async function whoAmI() {
  const kept = await queue.session();
  const answer = await fetch(`${HOME}session/`, { headers: kept ? { "Door-Ticket": kept.ticket } : {}, cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  csrf = told.csrf;
  if (told.forget && kept) await queue.forget();
  return told;
}

const post = (path, body, headers = {}) => fetch(HOME + path, {
  method: "POST", body, redirect: "manual", cache: "no-store", headers: { "X-CSRFToken": csrf, ...headers },
});

export async function takeAlong() {
  const answer = await post("take/", new FormData());
  if (!answer.ok) throw new Error("sign-in");
  await queue.take(await answer.json());
}

async function sendOne(row) {
  const body = new FormData();
  body.set("sealed", toText(row.sealed));
  for (const file of await queue.filesOf(row.id)) body.append(file.kind, new Blob([file.sealed]), file.id);
  return post("send/", body, { "Idempotency-Key": row.id, "Door-Clock": String(Date.now()) });
}

/** Sends what waits. Returns {sent, waiting, signIn, others}; where the signal goes, the rest stays for the next time. */
export async function sync() {
  const run = async () => {
    const result = { sent: 0, waiting: 0, signIn: false, others: 0 };
    const rows = (await queue.queued()).filter((row) => row.state !== "draft");
    if (!rows.length) return result;
    let me;
    try {
      me = await whoAmI();
    } catch {
      return { ...result, waiting: rows.length };
    }
    for (const row of rows) {
      if (!me.signed_in) { result.signIn = true; result.waiting += 1; continue; }
      if (row.owner !== me.owner) { result.others += 1; continue; }
      if (row.state === "problem") { result.waiting += 1; continue; }
      await queue.setState(row, "sending"); // from now on it is not changed any more
      let answer;
      try {
        answer = await sendOne(row);
      } catch {
        result.waiting += rows.length - rows.indexOf(row);
        return result;
      }
      result[await settled(row, answer, result)] += 1;
      if (result.signIn) me.signed_in = false;
    }
    return result;
  };
  return navigator.locks ? navigator.locks.request("door-sync", run) : run();
}

async function settled(row, answer, result) {
  if (answer.ok) {
    const visit = await queue.draft(row.id);
    await queue.dropVisit(row.id);
    if (visit?.plan) await queue.markDone(visit.plan);
    return "sent";
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    result.signIn = true;
  } else if (answer.status === 422 || answer.status === 403 || answer.status === 409) {
    const told = await answer.json().catch(() => ({}));
    // a parallel sending of the same visit answers without words: it is tried again
    if (told.problem) await queue.setState(row, answer.status === 409 ? "sending" : "problem", told.problem);
  } else {
    await queue.setState(row, "sending", `服务器暂时没有收（${answer.status}），过一会儿再传`);
  }
  return "waiting";
}

/** Unfinished forms of mine whose readable copy is gone come back from their sealed one. */
export async function reopenDrafts(owner) {
  for (const row of await queue.queued()) {
    if (row.owner !== owner || row.state === "sending" || await queue.draft(row.id)) continue;
    const body = new FormData();
    body.set("sealed", toText(row.sealed));
    const answer = await post("reopen/", body, { "Door-Visit": row.id });
    if (answer.ok) await queue.keepReopened(await answer.json());
  }
}
