// Signing on glass: a canvas beside <input type="file" data-sign>. What is drawn becomes the file of the field; without a
// script the field takes a photo of a signed sheet, as it also does with one.
"use strict";

for (const input of document.querySelectorAll("input[type=file][data-sign]")) {
  const pad = input.closest("[data-signing]")?.querySelector("canvas");
  if (!pad) continue;
  const box = pad.closest("[hidden]");
  if (box) box.hidden = false;
  const pen = pad.getContext("2d");
  let last = null;

  const clean = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, pad.width, pad.height);
  };
  const at = (event) => {
    const frame = pad.getBoundingClientRect();
    return [((event.clientX - frame.left) * pad.width) / frame.width, ((event.clientY - frame.top) * pad.height) / frame.height];
  };
  const line = (to) => {
    pen.strokeStyle = "#10203c";
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...to);
    pen.stroke();
    last = to;
  };
  const keep = () =>
    pad.toBlob((blob) => {
      const kept = new DataTransfer();
      kept.items.add(new File([blob], "sign.png", { type: "image/png" }));
      input.files = kept.files;
      pad.dataset.signed = "yes";
    }, "image/png");

  clean();
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    pad.setPointerCapture(event.pointerId);
    last = at(event);
  });
  pad.addEventListener("pointermove", (event) => {
    if (last) line(at(event));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    pad.addEventListener(end, () => {
      if (!last) return;
      last = null;
      keep();
    });
  }
  pad.closest("[data-signing]").querySelector("[data-sign-again]")?.addEventListener("click", () => {
    clean();
    input.value = "";
    delete pad.dataset.signed;
  });
}
