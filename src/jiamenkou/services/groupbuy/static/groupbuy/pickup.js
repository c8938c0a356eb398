// At a pickup point. With signal: takes the list along, registers the service worker, tells what was handed over without.
// Without signal: the same address shows this shell, which looks codes up in the list and writes down who has got what.
import { hand, slip, take, taken, told, waiting } from "./keeping.js";

const [, cycle, point] = location.pathname.match(/^\/groups\/lead\/(\d+)\/points\/(\d+)\//) ?? [];
const where = { cycle, point };
const here = `/groups/lead/${cycle}/points/${point}/`;
const one = (selector) => document.querySelector(selector);
const MODES = ["data-care", "data-dark"]; // 长辈版 and dark, as this page was when it was taken along
const AGAIN = 5000; // between two looks whether the house answers
const SAID = "pickup-said"; // a code that was typed just when the signal went

function element(name, css, ...inside) {
  const node = document.createElement(name);
  if (css) node.className = css;
  node.append(...inside);
  return node;
}

// ---- with signal

async function online(desk) {
  // a browser that keeps nothing (a private window) still hands over with signal
  navigator.serviceWorker?.register("/groups/lead/worker.js", { scope: "/groups/lead/" }).catch(() => {});
  const modes = MODES.filter((mode) => document.documentElement.hasAttribute(mode));
  await take(where, { ...JSON.parse(one("#pickup-list").dataset.along), modes }).catch(() => {});
  document.body.dataset.ready = "online";
  desk.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    sessionStorage.setItem(SAID, one("#said").value);
    location.assign(here);
  });
  await send(desk);
  addEventListener("online", () => send(desk));
}

/** Tells the house, once: what it has answered for is forgotten here. */
async function send(desk) {
  const rows = await waiting(where);
  const strip = one("[data-queue]");
  strip.hidden = !rows.length;
  if (!rows.length) return;
  one("[data-words]").textContent = `没有信号时交了 ${rows.length} 单，正在上传。`;
  const body = new URLSearchParams({ handed: JSON.stringify(rows) });
  const csrf = one("[name=csrfmiddlewaretoken]").value;
  let answer;
  try {
    answer = await fetch(desk.dataset.sync, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": csrf } });
  } catch {
    return; // no signal after all: it stays
  }
  if (!answer.ok) {
    one("[data-words]").textContent = "没有传上去，请重新登录再打开这一页。";
    return;
  }
  const results = await answer.json();
  await told(where, new Set(Object.keys(results).map(Number)));
  const refused = Object.values(results).filter((word) => word === "refused").length;
  if (refused) {
    one("[data-words]").textContent = `有 ${refused} 单没有记上，请看下面的名单。`;
    return;
  }
  location.assign(here); // the list without them
}

// ---- without signal

async function offline() {
  const found = await taken(where);
  document.body.dataset.ready = "offline";
  setTimeout(back, AGAIN);
  one("[data-back]").href = `/groups/lead/${cycle}/`;
  if (!found) {
    one("[data-nothing]").hidden = false;
    return;
  }
  const { list, at } = found;
  for (const mode of list.modes) document.documentElement.setAttribute(mode, "");
  const clock = new Date(at);
  one("[data-point]").textContent = list.point;
  one("[data-since]").textContent = `没有信号，名单是 ${clock.getHours()}:${String(clock.getMinutes()).padStart(2, "0")} 的。`;
  one("[data-desk]").hidden = false;
  await draw(list);
  one("[data-look]").addEventListener("submit", async (event) => {
    event.preventDefault();
    await look(list, one("#said").value.trim());
  });
  const given = sessionStorage.getItem(SAID);
  sessionStorage.removeItem(SAID);
  if (given) {
    one("#said").value = given;
    await look(list, given.trim());
  }
  addEventListener("online", () => location.assign(here));
}

/** A house that was slow is not a lost signal: the browser then never says that it is online again. */
async function back() {
  if (navigator.onLine && !one("#said").value) {
    const answer = await fetch(here, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) return void location.assign(here);
  }
  setTimeout(back, AGAIN);
}

async function draw(list) {
  const gone = new Set((await waiting(where)).map(([order]) => order));
  const left = list.orders.filter(({ order }) => !gone.has(order));
  const rows = left.map(({ name, room, items }) => element("li", "row", element(
    "span", "grow", element("b", "", name), " ", element("span", "meta", room), element("span", "block meta", items))));
  one("[data-list]").replaceChildren(...(rows.length ? rows : [element("li", "", "都取走了。")]));
  one("[data-left]").textContent = `还有 ${left.length} 单`;
  one("[data-queue]").hidden = !gone.size;
  one("[data-words]").textContent = `记下了 ${gone.size} 单，有信号就传上去。`;
}

function say(text) {
  one("[data-said]").textContent = text;
  one("[data-found]").replaceChildren();
}

/** What a code names is shown first; handing over is a second tap, as with signal. */
async function look(list, text) {
  let orders = await slip(text, where, list.key);
  if (typeof orders === "string") return void say(orders);
  if (orders === null) orders = list.orders.filter(({ code }) => code === text.replace(/\s/g, "")).map(({ order }) => order);
  if (!orders.length) return void say("没有信号，名单里没有这个码。请看 6 位取货码，或者对着名单找人。");
  const gone = new Set((await waiting(where)).map(([order]) => order));
  const known = list.orders.filter(({ order }) => orders.includes(order));
  const open = known.filter(({ order }) => !gone.has(order));
  if (!known.length) return void say("这一单不在您带来的名单里，等有信号再看。");
  if (!open.length) return void say("这一单已经交过了。");
  say("");
  const button = element("button", "button go wide", element("span", "", "交给他了"));
  button.type = "button";
  button.addEventListener("click", async () => {
    await hand(where, open.map(({ order }) => order));
    one("#said").value = "";
    say(`交给了${open.map(({ name }) => name).join("、")}。`);
    await draw(list);
  });
  const names = open.map(({ name, room, items }) => element("p", "", element("b", "", `${name} ${room}`), element("span", "block", items)));
  one("[data-found]").replaceChildren(element("section", "card stack", element("h2", "h2", "交给这位"), ...names, button));
  button.focus();
}

// ---- the camera, where the browser reads codes

one("[data-scan]")?.addEventListener("click", async () => {
  const said = one("[data-said]");
  if (!("BarcodeDetector" in window)) {
    said.textContent = "这台手机的浏览器不能扫码，请输 6 位取货码。";
    return;
  }
  const camera = one("[data-camera]");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    camera.srcObject = stream;
    camera.hidden = false;
    await camera.play();
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const watch = async () => {
      const [found] = await detector.detect(camera);
      if (!found) return void requestAnimationFrame(watch);
      stream.getTracks().forEach((track) => track.stop());
      camera.hidden = true;
      one("#said").value = found.rawValue;
      one("#said").form.requestSubmit();
    };
    watch();
  } catch {
    said.textContent = "没有打开相机，请输 6 位取货码。";
  }
});

const desk = one("[data-handover]");
if (desk) online(desk);
else offline();
