// Forms of the configuration: the options of a kind appear as it is chosen, and what an entity or a rule finds while it
// is written. All of it works by buttons, too.
"use strict";
for (const choice of document.querySelectorAll("[data-shows]")) {
  const show = () => document.getElementById("form-show").click();
  choice.addEventListener("change", show);
  // Chosen before this script was read, or restored by the browser: the page was made for another kind.
  if (![...choice.options].some((option) => option.selected && option.defaultSelected)) show();
}
for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting = 0;
  let asking = new AbortController();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asking.abort();
      asking = new AbortController();
      const body = new URLSearchParams(new FormData(form));
      body.set("form-do", "try");
      const tried = document.getElementById("tried");
      try {
        const answer = await fetch(form.action, { method: "POST", body, signal: asking.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        tried.innerHTML = page.getElementById("tried")?.innerHTML ?? "";
      } catch (error) {
        if (error.name !== "AbortError") tried.textContent = "";
      }
    }, 500);
  });
}
