// Group-buys: the closing clock, the sum of an order, WeChat's payment. Handing over is services/groupbuy's pickup.js.
"use strict";

(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const each = (selector, from = document) => [...from.querySelectorAll(selector)];

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
})();
