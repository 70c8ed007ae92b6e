// Lets this browser show alerts, also while no page of the desk is open. The rest of the page needs no script.
"use strict";
const form = document.getElementById("this-browser");
if ("serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const key = await (await fetch("/me/key")).text();
      const worker = await navigator.serviceWorker.register("/worker.js");
      await navigator.serviceWorker.ready;
      const asked = { userVisibleOnly: true, applicationServerKey: key };
      const { endpoint, keys } = (await worker.pushManager.subscribe(asked)).toJSON();
      for (const [name, value] of Object.entries({ endpoint, ...keys })) form.elements[name].value = value;
      form.submit();
    } catch (error) {
      const said = document.getElementById("said");
      said.textContent = `${said.dataset.refused} ${error.message}`;
    }
  });
}
