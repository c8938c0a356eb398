// The form at one door. Every change is kept as it is typed; leaving, reloading or a killed tab loses nothing.
import { button, dayWords, h, head, icon, note, say, show, tag } from "./page.js";
import * as queue from "./queue.js";
import { shrink } from "../js/shrink.js";

const MOST_PHOTOS = 4;
const MOST_SECONDS = 180;
let saving = Promise.resolve();
let recorder = null;

/** What was typed so far is on the phone when this ends. */
export const settled = () => saving;

function keep(visit) {
  const copy = structuredClone(visit);
  saving = saving.then(() => queue.save(copy)).catch((fault) => {
    say("没有存住，请不要关掉这一页");
    document.getElementById("unsaved")?.removeAttribute("hidden");
    console.error(fault.name);
  });
}

export async function draw(visit, item, form, leave) {
  const files = h("div", { class: "stack", id: "files" });
  const met = h("div", { class: "stack" });
  const body = h("form", { class: "stack door-form", novalidate: true, autocomplete: "off" },
    person(visit, item),
    note("red", "triangle-alert", "这一页没有存住，请不要关掉，换个地方再试一次。"),
    choices("结果", "outcome", form.outcomes, [visit.outcome], false, true),
    met,
    texts("备注", "note", visit.note, "只有走访的人和社区看得到", 2000, 3),
    h("section", { class: "card stack" }, h("h2", { class: "h3" }, "照片和录音"), files, adders(visit, files)),
  );
  body.children[1].id = "unsaved";
  body.children[1].hidden = true;
  met.append(...details(visit, item, form));
  met.hidden = visit.outcome !== "met";
  body.addEventListener("input", () => {
    read(visit, body, form);
    met.hidden = visit.outcome !== "met";
    body.querySelectorAll("[data-for]").forEach((part) => { part.hidden = !body.querySelector(`[name="${part.dataset.for}"]`).checked; });
    finish.disabled = !visit.outcome;
    keep(visit);
  });
  body.addEventListener("submit", (event) => event.preventDefault());
  const finish = button("记好了", "check", "go", async () => {
    stopRecording();
    finish.disabled = true;
    read(visit, body, form);
    await saving;
    saving = queue.save(visit, true);
    await saving;
    say("记好了");
    leave(true);
  }, { disabled: !visit.outcome });
  show(head("记走访", "#"), [body], [finish]);
  await drawFiles(visit, files);
}

function person(visit, item) {
  if (!item) return h("section", { class: "card" }, h("p", { class: "h3" }, "接着记的走访"), h("p", { class: "meta" }, "名单里已经没有这一户，记好照样能送到。"));
  return h("section", { class: "card stack tight" },
    h("p", { class: "row ends" }, h("b", { class: "h2" }, item.name), h("span", { class: "meta" }, item.age ? `${item.age} 岁` : "")),
    h("p", { class: "row tight" }, icon("map-pin"), h("span", {}, item.door || "门牌没有登记")),
    h("p", { class: "row tight" }, icon("phone"), h("span", {}, item.phone || "没有电话")),
    h("p", { class: "meta" }, `${item.why} · 最晚${dayWords(item.due)}${item.tries ? ` · 去过 ${item.tries} 次没见到` : ""}`),
    item.last ? h("p", { class: "meta" }, `上一次：${item.last}`) : "");
}

function choices(label, name, options, chosen, several, big = false) {
  return h("fieldset", { class: `card field ${big ? "big" : ""}` }, h("legend", {}, label),
    h("div", { class: "options" }, options.map(([value, words]) => h("label", { class: "option" },
      h("input", { type: several ? "checkbox" : "radio", name, value, checked: chosen.includes(value) }),
      h("span", { class: "grow" }, words)))));
}

function texts(label, name, value, hint, longest, rows = 2) {
  const id = `f-${name.replaceAll(".", "-")}`;
  return h("div", { class: "card field" }, h("label", { for: id }, label, h("span", { class: "dim" }, " 可不填")),
    h("div", { class: "control" }, Object.assign(h("textarea", { id, name, rows, maxlength: longest }), { value: value ?? "" })),
    hint && h("p", { class: "help" }, hint));
}

function details(visit, item, form) {
  const several = (value) => [value ?? []].flat();
  const needs = new Map(visit.needs ?? []);
  const facts = visit.facts ?? {};
  return [
    ...form.questions.map((one) => choices(one.label, `q.${one.key}`, one.choices, several(visit.answers?.[one.key]), one.several)),
    h("fieldset", { class: "card field" }, h("legend", {}, "有什么需要帮忙"), h("div", { class: "options" },
      form.needs.map(([kind, words]) => h("div", { class: "need" },
        h("label", { class: "option" }, h("input", { type: "checkbox", name: `need.${kind}`, checked: needs.has(kind) }), h("span", { class: "grow" }, words)),
        h("input", { class: "words", name: `words.${kind}`, "data-for": `need.${kind}`, hidden: !needs.has(kind), maxlength: 300, value: needs.get(kind) ?? "", "aria-label": `${words}：怎么说的`, placeholder: "怎么说的，写一句" }))))),
    item?.people.length ? choices("还有谁在场", "people", item.people.map((one) => [String(one.id), one.as ? `${one.name}（${one.as}）` : one.name]), (visit.people ?? []).map(String), true) : "",
    h("details", { class: "card fold", open: Object.values(facts).some(Boolean) }, h("summary", {}, "有变动：电话、工作、家里的人"),
      h("p", { class: "help" }, "先记下，社区确认以后才改档案。"),
      field("新电话", h("input", { name: "fact.phone", type: "tel", inputmode: "tel", value: facts.phone ?? "", maxlength: 40 })),
      field("现在的工作", h("select", { name: "fact.employment" }, h("option", { value: "" }, "没有变"), form.employment.map(([value, words]) => h("option", { value, selected: facts.employment === value }, words)))),
      field("现在谁住在这里", h("input", { name: "fact.household", value: facts.household ?? "", maxlength: 300 }))),
  ].filter(Boolean);
}

function field(label, control) {
  control.id = `f-${control.name.replaceAll(".", "-")}`;
  return h("div", { class: "field" }, h("label", { for: control.id }, label), h("div", { class: "control" }, control));
}

function read(visit, body, form) {
  const given = new FormData(body);
  visit.outcome = given.get("outcome") ?? "";
  visit.note = given.get("note").trim();
  const met = visit.outcome === "met";
  visit.answers = {};
  visit.facts = {};
  visit.needs = [];
  visit.people = met ? given.getAll("people").map(Number) : [];
  if (!met) return;
  for (const one of form.questions) {
    const chosen = given.getAll(`q.${one.key}`);
    if (chosen.length) visit.answers[one.key] = one.several ? chosen : chosen[0];
  }
  for (const [kind] of form.needs) {
    if (given.has(`need.${kind}`)) visit.needs.push([kind, given.get(`words.${kind}`).trim()]);
  }
  for (const name of ["phone", "employment", "household"]) {
    const value = given.get(`fact.${name}`).trim();
    if (value) visit.facts[name] = value;
  }
}

// ---- photos and voice

function adders(visit, files) {
  const photo = h("input", { type: "file", accept: "image/*", capture: "environment", class: "seen-not", id: "photo", "aria-label": "拍照" });
  photo.addEventListener("change", async () => {
    const [file] = photo.files;
    photo.value = "";
    if (!file) return;
    if ((await queue.filesOf(visit.uid)).filter((one) => one.kind === "photo").length >= MOST_PHOTOS) return say(`最多 ${MOST_PHOTOS} 张照片`);
    try {
      await add(visit, "photo", await shrink(file), files);
    } catch {
      files.append(note("orange", "triangle-alert", "打不开这张照片，请换一张。"));
    }
  });
  const voice = h("input", { type: "file", accept: "audio/*", class: "seen-not", id: "voice", "aria-label": "选一段录音" });
  voice.addEventListener("change", async () => {
    const [file] = voice.files;
    voice.value = "";
    if (file) await add(visit, "voice", file, files);
  });
  const record = button("录一段", "mic", "soft", () => (recorder ? stopRecording() : startRecording(visit, files, record)));
  const canRecord = Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia);
  return h("div", { class: "two" },
    h("label", { class: "button soft", for: "photo" }, icon("camera"), h("span", {}, "拍照"), photo),
    canRecord ? record : "",
    h("label", { class: `button ${canRecord ? "plain full" : "soft"}`, for: "voice" }, icon("paperclip"), h("span", {}, "选一段录音"), voice));
}

async function add(visit, kind, blob, files) {
  keep(visit);
  saving = saving.then(() => queue.addFile(visit.uid, kind, blob));
  await saving;
  await drawFiles(visit, files);
  say(kind === "photo" ? "照片存好了" : "录音存好了");
}

async function drawFiles(visit, files) {
  const rows = await queue.filesOf(visit.uid);
  const drawn = await Promise.all(rows.map(async (file, at) => {
    const address = await queue.shown(file);
    const words = file.kind === "photo" ? `照片 ${at + 1}` : `录音 ${at + 1}`;
    const look = !address ? tag(`${words} 已存`, "green", "check") : file.kind === "photo"
      ? h("img", { src: address, alt: words, class: "thumb" }) : h("audio", { src: address, controls: true, "aria-label": words });
    return h("div", { class: "row ends attached", "data-kind": file.kind }, look, h("span", { class: "meta grow" }, `${Math.ceil(file.size / 1024)} KB`),
      button("删去", "trash-2", "plain", async () => { await queue.dropFile(file.id); await drawFiles(visit, files); }));
  }));
  files.replaceChildren(...drawn);
}

async function startRecording(visit, files, control) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const parts = [];
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 24_000 });
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", async () => {
      stream.getTracks().forEach((track) => track.stop());
      const type = recorder.mimeType;
      recorder = null;
      control.querySelector("span").textContent = "录一段";
      await add(visit, "voice", new Blob(parts, { type }), files);
    });
    recorder.start();
    setTimeout(stopRecording, MOST_SECONDS * 1000);
    control.querySelector("span").textContent = "停下";
    say("在录音");
  } catch {
    files.append(note("orange", "triangle-alert", "用不了话筒。请在手机设置里允许，或者选一段录好的。"));
  }
}

function stopRecording() {
  if (recorder?.state === "recording") recorder.stop();
}
