// Pointing at a page without loading the desk's page anew: a press brings what would be read, and stays where one was.
// A part on the picture and its button are one: each shows where the other is. Nothing needs it.
"use strict";
const find = (selector) => document.querySelector(`#point ${selector}`);
document.addEventListener("submit", async (event) => {
  const form = event.target, pressed = event.submitter;
  if (form.id !== "point") return;
  event.preventDefault();
  const address = `${form.action}?${new URLSearchParams(new FormData(form, pressed))}`;
  let next;
  try {
    const answer = await fetch(address);
    if (answer.redirected || !answer.ok) throw new Error(answer.status);
    next = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    location.href = address; // the answer says what is wrong
    return;
  }
  const places = [".parts", ".drawn"].map((each) => [each, find(each)?.scrollTop, find(each)?.scrollLeft]);
  for (const id of ["found", "point"]) document.getElementById(id).replaceWith(next.getElementById(id));
  for (const [each, top, left] of places) find(each)?.scrollTo(left, top);
  const same = pressed?.value && find(`button[name=part][value="${CSS.escape(pressed.value)}"]`);
  (same || find("input:checked")).focus({ preventScroll: true });
  document.getElementById("told").textContent = document.querySelector("#found h2, #found [role=alert]").textContent;
  history.replaceState(null, "", address);
});
document.addEventListener("click", (event) => {
  const part = event.target.dataset?.part;
  const button = part && find(`button[name=part][value="${part}"]`);
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, ({ target }) => {
    for (const each of document.querySelectorAll("#point .at")) each.classList.remove("at");
    const part = target.name === "part" ? target.value : target.dataset?.part;
    if (part) for (const each of [`rect[data-part="${part}"]`, `button[name=part][value="${part}"]`]) find(each)?.classList.add("at");
  });
}
