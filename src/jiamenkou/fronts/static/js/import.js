// 导入花名册: the keys of the table. Without this file every cell can still be opened and mended.
"use strict";

{
  const cells = () => [...document.querySelectorAll("details.mend")];
  let last = 0; // which bad cell was being mended: the next one takes its place when the page comes back

  document.addEventListener("toggle", (event) => {
    const cell = event.target;
    if (!cell.matches?.("details.mend") || !cell.open) return;
    for (const other of cells()) if (other !== cell) other.open = false;
    last = cells().indexOf(cell);
    cell.querySelector(".choice.best, input.input, .choice")?.focus();
  }, true);

  document.addEventListener("htmx:afterSettle", () => {
    const list = cells();
    const open = list.find((cell) => cell.open);
    const next = open ?? list[Math.min(last, list.length - 1)];
    next?.querySelector(open ? "input.input, .choice" : "summary").focus();
  });

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("details.mend");
    if (event.key === "Escape" && cell?.open) {
      cell.open = false;
      cell.querySelector("summary").focus();
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && !event.target.closest("input, textarea")) {
      const undo = document.querySelector(".fixed .undo");
      if (undo) { event.preventDefault(); undo.click(); }
    }
  });
}
