// Pasting a chat text: the box in focus lights its words, digits choose an occupation, the small poster keeps up.
// The page works without this file: numbers and colours already tie boxes and words together.
"use strict";

(() => {
  const page = document.getElementById("paste");
  const all = (selector) => [...page.querySelectorAll(selector)];
  const field = (name) => page.querySelector(`[name$="-${name}"]`);
  const value = (name) => field(name)?.value.trim() ?? "";

  function light(slot) {
    for (const one of all("[data-slot]")) one.classList.toggle("lit", one.dataset.slot === slot);
    const words = slot && page.querySelector(`.run[data-slot="${CSS.escape(slot)}"]`);
    words?.scrollIntoView({ block: "nearest" });
  }
  page.addEventListener("focusin", (event) => light(event.target.closest("[data-slot]")?.dataset.slot ?? ""));
  page.addEventListener("click", (event) => {
    const words = event.target.closest(".run[data-slot]");
    if (words) page.querySelector(`.slot[data-slot="${CSS.escape(words.dataset.slot)}"]`)?.querySelector("input, select, textarea")?.focus();
  });

  const show = {
    title: () => value("title") || "岗位名称",
    pay: () => [...new Set([value("pay_min_fen"), value("pay_max_fen")].filter(Boolean))].join("–") || "面议",
    unit: () => {
      const unit = field("pay_unit");
      return unit?.value && (value("pay_min_fen") || value("pay_max_fen")) ? `元/${unit.selectedOptions[0].text}` : "";
    },
    hours: () => [value("start_minute"), value("end_minute")].filter(Boolean).join(" – ") || value("hours") || "上班时间问单位",
    address: () => value("address") || "地点问单位",
    benefits: () => value("benefits"),
    requirements: () => value("requirements"),
  };
  page.addEventListener("input", () => {
    for (const live of all("[data-live]")) {
      live.textContent = show[live.dataset.live]();
      const line = live.closest("li");
      if (line) line.hidden = !live.textContent;
    }
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      document.querySelector("[data-publish]").click();
    } else if (event.altKey && event.code === "KeyO") {
      event.preventDefault();
      document.getElementById("original").focus();
    } else if (event.target.matches?.(".occupations [type=radio]")) {
      // digits do nothing in a text box, but a radio button is none
      page.querySelector(`.occupations [data-key="${CSS.escape(event.key)}"]`)?.click();
    }
  });
})();
