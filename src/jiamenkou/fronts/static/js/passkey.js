// A passkey at sign-in: data-passkey="get" or "create" on a button with its data-options as JSON;
// the browser's answer goes into the form's credential field. Without a script the app's digits remain.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-passkey]");
  if (!button || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  const { publicKey } = JSON.parse(button.dataset.options);
  const making = button.dataset.passkey === "create";
  try {
    const credential = making
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    button.form.elements.credential.value = JSON.stringify(credential);
    button.form.requestSubmit();
  } catch {
    // turned away or closed by the person: the page stays as it is, and the digits still work
  }
});
