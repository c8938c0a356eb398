// The page at the door: today's list, what waits to be sent, one form. It opens and works without signal.
import * as form from "./form.js";
import { button, clock, dayWords, h, head, icon, link, note, say, show, tag } from "./page.js";
import * as queue from "./queue.js";
import * as sending from "./sending.js";

const SIGN_IN = "/signin/staff/?next=/desk/visits/door/";
const MINUTE = 60_000;
let last = { sent: 0, waiting: 0, signIn: false, others: 0 };
let busy = false;
let problem = "";

async function send(quietly = true) {
  if (busy) return;
  busy = true;
  last = await sending.sync().catch(() => last);
  busy = false;
  if (last.sent) say(`传好了 ${last.sent} 次走访`);
  else if (!quietly && last.waiting && !last.signIn) say("现在没有网，走访留在手机里，有网再传");
  if (!location.hash.slice(1)) await home();
}

async function take() {
  problem = "";
  try {
    const me = await sending.whoAmI();
    if (!me.signed_in) return void location.assign(SIGN_IN);
    await sending.takeAlong();
    await sending.reopenDrafts(me.owner);
    last.signIn = false;
    say("名单带好了，没有网也能用");
  } catch (fault) {
    if (fault.message === "sign-in") return void location.assign(SIGN_IN);
    problem = "现在没有网，名单还没有带走。";
  }
  await home();
}

async function leave() {
  if (!confirm("退出以后，手机里的名单会删掉；没传的走访留着，下次登录再传。")) return;
  await queue.forget();
  try {
    const me = await sending.whoAmI();
    await fetch("/signin/out/", { method: "POST", redirect: "manual", headers: { "X-CSRFToken": me.csrf } });
  } catch {
    problem = "名单删掉了。现在没有网，有网时请再退出一次。";
  }
  await home();
}

// ---- the list

async function home() {
  const held = await queue.session();
  const kept = held ? await queue.list() : null;
  const rows = await queue.queued();
  const waiting = rows.filter((row) => row.state !== "draft");
  const parts = [status(kept), waitingCard(waiting), ...unfinished(rows, kept)];
  if (problem) parts.unshift(note("orange", "wifi-off", problem));
  if (!kept) parts.push(h("section", { class: "card stack" }, h("h2", { class: "h3" }, "还没有带名单"),
    h("p", {}, "有网的时候点一下“带走名单”，到楼道、地下室没有网也能看、能记。名单最多留 12 小时，退出就删掉。")));
  else parts.push(...doors(kept, rows));
  const leaveButton = kept ? [h("button", { type: "button", class: "side", onclick: leave, "aria-label": "退出" }, icon("log-out"))] : [];
  show(head("上门走访", "", ...leaveButton), parts, [button(kept ? "重新带名单" : "带走名单", "download", kept ? "soft" : "go", take)]);
}

function status(kept) {
  if (navigator.onLine) return null;
  const since = kept ? `，看到的是 ${clock(kept.at)} 存下的` : "";
  return h("p", { class: "offline", role: "status" }, icon("wifi-off"), h("span", { class: "grow" }, `现在没网${since}`));
}

function waitingCard(rows) {
  if (!rows.length) return null;
  const bad = rows.filter((row) => row.problem);
  const parts = [h("p", { class: "h3" }, `${rows.length} 次走访等着上传`)];
  if (last.signIn) parts.push(h("p", {}, "登录过期了，走访都留着。登录以后就传。"), link("去登录", "key-round", "soft", SIGN_IN));
  else parts.push(button("现在上传", "refresh-cw", "soft", () => send(false)));
  if (last.others) parts.push(h("p", {}, `其中 ${last.others} 次是另一位同事记的，请他登录后再传。`));
  for (const row of bad) {
    parts.push(h("div", { class: "stack tight" }, h("p", { class: "red tone" }, `${clock(row.at)} 记的这一次没有收：${row.problem}`),
      row.state === "problem" && h("div", { class: "row wrap" }, button("改一改", "pencil", "line", () => mend(row)), button("再传一次", "refresh-cw", "line", async () => { await queue.setState(row, "ready"); await send(false); }))));
  }
  return h("section", { class: "card waiting", id: "waiting" }, ...parts);
}

async function mend(row) {
  const visit = await queue.draft(row.id);
  if (!visit) return say("请先登录并带走名单，再来改");
  location.hash = (await queue.renumber(visit)).uid;
}

function unfinished(rows, kept) {
  const drafts = rows.filter((row) => row.state === "draft");
  if (!drafts.length) return [];
  const items = drafts.map((row) => h("li", {}, h("a", { class: "item", href: `#${row.id}` }, h("span", { class: "square orange" }, icon("pencil")),
    h("span", { class: "grow" }, h("b", {}, `${clock(row.at)} 开始记的`), h("span", { class: "cap" }, kept ? "还没记完，点开接着记" : "登录并带走名单后接着记")), icon("chevron-right"))));
  return [h("h2", { class: "h3" }, "没记完的"), h("ul", { class: "card flush list" }, items)];
}

function doors(kept, rows) {
  const ready = kept.list.filter((item) => !item.done);
  const done = kept.list.length - ready.length;
  const top = h("p", { class: "meta" }, `${clock(kept.at)} 带走 ${kept.list.length} 户${done ? `，传好 ${done} 户` : ""}`);
  if (!kept.list.length) return [h("section", { class: "card" }, h("p", {}, "这几天没有排走访。请社区在“走访安排”里排，再带一次名单。"))];
  return [top, h("ul", { class: "stack doors-list" }, ready.map((item) => h("li", {}, h("button", { type: "button", class: "card door-card", onclick: () => start(item, kept, rows) },
    h("span", { class: "row ends" }, h("b", { class: "h3" }, item.name), h("span", { class: "meta" }, item.age ? `${item.age} 岁` : "")),
    h("span", {}, item.door || item.grid),
    h("span", { class: "tags" }, item.late ? tag(`${dayWords(item.due)}已过`, "red", "clock") : tag(`最晚${dayWords(item.due)}`, "green", "calendar-days"), tag(item.why, "grey"), item.tries ? tag(`${item.tries} 次没见到`, "orange", "rotate-ccw") : "")))))];
}

/** The form of a door: the one begun before, else a new one with a number of its own. */
async function start(item, kept, rows) {
  for (const row of rows.filter((one) => one.state === "draft" || one.state === "ready")) {
    const visit = await queue.draft(row.id);
    if (visit?.resident === item.resident) return void (location.hash = visit.uid);
  }
  const uid = crypto.randomUUID();
  await queue.save({
    uid, owner: kept.owner, plan: item.plan, resident: item.resident, seen: item.seen, device: await queue.device(),
    taken: kept.at, form: kept.form.version, at: Date.now(), outcome: "", answers: {}, needs: [], facts: {}, people: [], note: "",
  });
  location.hash = uid;
}

async function one(uid) {
  await queue.session();
  const kept = await queue.list();
  const visit = await queue.draft(uid);
  const row = (await queue.queued()).find((other) => other.id === uid);
  if (!visit || !kept || !row || row.state === "sending") return void (location.hash = "");
  if (row.state === "ready") await queue.setState(row, "draft"); // opened again before it went
  await form.draw(visit, kept.list.find((item) => item.resident === visit.resident), kept.form, () => { location.hash = ""; });
}

/** A form that was opened and left untouched is nobody's visit. */
async function tidy() {
  await queue.session();
  for (const row of (await queue.queued()).filter((one) => one.state === "draft")) {
    const visit = await queue.draft(row.id);
    if (visit && !visit.outcome && !visit.note && !(await queue.filesOf(row.id)).length) await queue.dropVisit(row.id);
  }
}

async function route() {
  const uid = location.hash.slice(1);
  await form.settled();
  if (uid) return one(uid);
  await tidy();
  await home();
  await send();
}

addEventListener("hashchange", route);
addEventListener("online", () => { problem = ""; send(); });
addEventListener("offline", () => { if (!location.hash.slice(1)) home(); });
setInterval(async () => {
  if (!await queue.session() && location.hash.slice(1)) return; // the form stays; what is typed is still sealed
  if (navigator.onLine) await send();
}, MINUTE);
navigator.serviceWorker?.register("/desk/visits/door/worker.js", { scope: "/desk/visits/door/" });
navigator.storage?.persist?.();
await route();
document.body.dataset.ready = "yes";
