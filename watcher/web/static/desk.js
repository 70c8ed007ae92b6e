// Keyboard: j and k move between rows, Enter opens, / looks for something, h marks as handled. Nothing needs it.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (marked) {
    event.preventDefault();
    marked.tagName === "BUTTON" ? marked.click() : marked.focus();
    return;
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = [...document.querySelectorAll("main a.title")];
  const next = links[links.indexOf(document.activeElement) + step] || links[step > 0 ? 0 : links.length - 1];
  if (next) next.focus();
});
