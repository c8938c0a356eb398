// Saves the poster as a picture: the drawing of the page is painted on a canvas, twice as large, and downloaded.
// Without this file the button is a link to the drawing itself.
"use strict";

(() => {
  const WIDTH = 750;
  const HEIGHT = 1200;
  const SCALE = 2;

  async function picture(drawing) {
    const source = new XMLSerializer().serializeToString(drawing);
    const address = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
    try {
      const image = new Image(WIDTH, HEIGHT);
      image.src = address;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = WIDTH * SCALE;
      canvas.height = HEIGHT * SCALE;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
    } finally {
      URL.revokeObjectURL(address);
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-save-poster]");
    const drawing = button && document.querySelector("svg[data-poster]");
    if (!drawing || button.dataset.fallback) return;
    event.preventDefault();
    let blob = null;
    try { blob = await picture(drawing); } catch { /* an old browser: the link below still saves the drawing */ }
    if (!blob) {
      button.dataset.fallback = "1";
      return void button.click();
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = button.getAttribute("download").replace(/\.svg$/, ".png");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    const word = button.querySelector("span");
    const was = word.textContent;
    word.textContent = button.dataset.done;
    setTimeout(() => { word.textContent = was; }, 2000);
  });
})();
