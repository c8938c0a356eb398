// Photos of a form become small before they are sent: <input type="file" data-shrink>. Without a script, or where the
// browser cannot open one, they go as they are, and the server makes them small.
import { shrink } from "./shrink.js";

const busy = new Map(); // form → what is being shrunk for it

async function small(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const blob = await shrink(file);
    if (blob.size >= file.size) return file;
    return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
  } catch {
    return file; // what it is, the server says in words
  }
}

// what was taken is seen at once, in the label around the field
function show(input, file) {
  const seen = input.closest("label")?.querySelector("img");
  if (!seen || !file?.type.startsWith("image/")) return;
  URL.revokeObjectURL(seen.src);
  seen.src = URL.createObjectURL(file);
  seen.hidden = false;
  again(input);
}

function again(input) {
  const word = input.closest("label")?.querySelector("[data-again]");
  if (word) word.textContent = word.dataset.again;
}

async function replace(input) {
  const files = await Promise.all([...input.files].map(small));
  const kept = new DataTransfer();
  files.forEach((file) => kept.items.add(file));
  input.files = kept.files;
  show(input, files[0]);
  input.dataset.shrunk = Math.ceil(Math.max(...files.map((file) => file.size)) / 1024);
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches("[data-said]") && input.files.length) again(input);
  if (!input.matches("input[type=file][data-shrink]") || !input.files.length) return;
  const work = (busy.get(input.form) ?? Promise.resolve()).then(() => replace(input));
  busy.set(input.form, work);
  work.finally(() => {
    if (busy.get(input.form) === work) busy.delete(input.form);
  });
});

// sent while a photo is still being shrunk: it goes out right after; before the page's own guard counts it as sent
window.addEventListener(
  "submit",
  (event) => {
    const work = busy.get(event.target);
    if (!work) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    work.finally(() => event.target.requestSubmit(event.submitter));
  },
  true,
);
