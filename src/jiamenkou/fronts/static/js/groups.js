// Group-buys: the closing clock, the sum of an order, WeChat's payment, handing over with and without signal.
"use strict";

(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const each = (selector, from = document) => [...from.querySelectorAll(selector)];
  const token = () => one('meta[name="csrf-token"]')?.content ?? one("[name=csrfmiddlewaretoken]")?.value ?? "";

  // ---- hours, minutes and seconds until it closes; words for 长辈版 and for what is a day away
  const clock = one("[data-until]");
  if (clock && !document.documentElement.hasAttribute("data-care")) {
    const until = Date.parse(clock.dataset.until);
    const tick = () => {
      const left = Math.floor((until - Date.now()) / 1000);
      if (left <= 0 || left > 86400) return;
      const parts = [left / 3600, (left / 60) % 60, left % 60].map((n) => String(Math.floor(n)).padStart(2, "0"));
      clock.replaceChildren(...parts.flatMap((part, at) => {
        const box = document.createElement("b");
        box.textContent = part;
        return at ? [" : ", box] : [box];
      }));
    };
    tick();
    setInterval(tick, 1000);
  }

  // ---- − and ＋, and the sum that the buyer sees
  const form = one("form[data-total]");
  if (form) {
    const fields = each("[data-price]", form);
    const sum = () => {
      const fen = fields.reduce((all, field) => all + Number(field.dataset.price) * (parseInt(field.value, 10) || 0), 0);
      one("[data-seen]", form).value = fen;
      const shown = one("[data-sum]");
      if (shown) shown.textContent = "¥" + (fen / 100).toFixed(2).replace(/\.?0+$/, "");
    };
    form.addEventListener("click", (event) => {
      const step = event.target.closest("[data-less], [data-more]");
      if (!step) return;
      const field = form.elements[step.dataset.less ?? step.dataset.more];
      const next = (parseInt(field.value, 10) || 0) + (step.dataset.more ? 1 : -1);
      field.value = Math.max(0, Math.min(Number(field.dataset.most), next));
      sum();
    });
    form.addEventListener("input", sum);
    sum();
  }

  // ---- WeChat's own payment: the page waits until the worker has prepared it
  const paying = one("[data-wechatpay]");
  if (paying) {
    const words = one("[data-words]", paying);
    const ask = async () => {
      const answer = await fetch(paying.dataset.wechatpay, { headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (said.pay) {
        if (!window.WeixinJSBridge) { words.textContent = "请在微信里打开这一页付款。"; return; }
        window.WeixinJSBridge.invoke("getBrandWCPayRequest", said.pay, () => location.reload());
        return;
      }
      if (answer.status === 200) { words.textContent = said.problem || "付款已结束，请刷新看看。"; return; }
      setTimeout(ask, 1000);
    };
    ask().catch(() => { words.textContent = "没有信号，等一下再试。"; });
  }

  // ---- handing over: what the signal lets through goes to the house, the rest is kept and sent once
  const desk = one("[data-handover]");
  if (!desk) return;
  const store = `handover-${desk.dataset.cycle}-${desk.dataset.point}`;
  const kept = () => JSON.parse(localStorage.getItem(store) ?? "[]");
  const keep = (rows) => { localStorage.setItem(store, JSON.stringify(rows)); show(); };
  const said = one("[data-said]", desk);

  function show() {
    const rows = kept();
    const strip = one("[data-queue]");
    strip.hidden = !rows.length;
    one("[data-words]", strip).textContent = `没有信号，记下了 ${rows.length} 单，有信号就传上去。`;
    for (const [order] of rows) one(`[data-order="${order}"]`)?.remove();
  }

  async function send() {
    const rows = kept();
    if (!rows.length || !navigator.onLine) return;
    const body = new URLSearchParams({ handed: JSON.stringify(rows) });
    try {
      const answer = await fetch(desk.dataset.sync, { method: "POST", body, headers: { "X-CSRFToken": token() } });
      if (!answer.ok) return;
      const results = await answer.json();
      keep(kept().filter(([order]) => !(order in results)));
      const refused = Object.values(results).filter((word) => word === "refused").length;
      if (refused) said.textContent = `有 ${refused} 单没有记上，请看列表。`;
    } catch { /* still no signal: it stays in the store */ }
  }

  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  async function slip(text) {
    const parts = text.trim().split(".");
    if (parts.length !== 5 || parts[0] !== "J1" || !crypto.subtle) return null;
    const key = await crypto.subtle.importKey("raw", bytes(desk.dataset.key), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    const signature = bytes(parts[4].replace(/-/g, "+").replace(/_/g, "/").padEnd(88, "="));
    const good = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, new TextEncoder().encode(parts.slice(0, 4).join(".")));
    if (!good || parts[1] !== desk.dataset.cycle) return null;
    return parts[2] === desk.dataset.point ? parts[3].split("-").map(Number) : [];
  }

  async function offline(text) {
    let orders = await slip(text);
    if (orders === null) {
      const row = /^\d{6}$/.test(text) && one(`[data-code="${text}"]`);
      orders = row ? [Number(row.dataset.order)] : null;
    }
    if (orders === null) { said.textContent = "没有信号，这个码对不上，请看下面的名单。"; return; }
    if (!orders.length) { said.textContent = "这一单不在这个自提点。"; return; }
    const rows = kept();
    const fresh = orders.filter((order) => !rows.some(([known]) => known === order) && one(`[data-order="${order}"]`));
    if (!fresh.length) { said.textContent = "这一单已经交过了。"; return; }
    const names = fresh.map((order) => one(`[data-order="${order}"] .grow`).innerText.replace(/\s+/g, " "));
    keep([...rows, ...fresh.map((order) => [order, new Date().toISOString()])]);
    said.textContent = `交给：${names.join("；")}`;
  }

  desk.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    offline(one("#said").value.trim());
    one("#said").value = "";
  }, true);
  addEventListener("online", send);
  show();
  send();

  one("[data-scan]")?.addEventListener("click", async () => {
    if (!("BarcodeDetector" in window)) { said.textContent = "这台手机的浏览器不能扫码，请输 6 位取货码。"; return; }
    const camera = one("[data-camera]");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      camera.srcObject = stream;
      camera.hidden = false;
      await camera.play();
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      const look = async () => {
        const [found] = await detector.detect(camera);
        if (!found) return void requestAnimationFrame(look);
        stream.getTracks().forEach((track) => track.stop());
        camera.hidden = true;
        one("#said").value = found.rawValue;
        desk.requestSubmit();
      };
      look();
    } catch { said.textContent = "没有打开相机，请输 6 位取货码。"; }
  });
})();
