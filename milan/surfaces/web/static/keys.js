"use strict";
/* Keys and copying: what every page offers beside its links, which do all of it without this file. */

(() => {
  const one = (selector) => document.querySelector(selector);
  const cards = () => [...document.querySelectorAll(".card > a")];
  const follow = (selector) => {
    const link = one(selector);
    if (link) link.click();
    return Boolean(link);
  };

  /** Go from card to card: `step` 1 is the next, `down` a row; answers whether there was a card to go from. */
  function walk(step, down) {
    const all = cards();
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement);
    if (at < 0) {
      all[0].focus();
      return true;
    }
    const left = all[at].getBoundingClientRect().left;
    let to = at + step;
    while (down && all[to] && Math.abs(all[to].getBoundingClientRect().left - left) > 1) to += step;
    if (all[to]) all[to].focus();
    return true;
  }

  const rightward = getComputedStyle(document.documentElement).direction === "rtl" ? -1 : 1;
  const keys = {
    "/": () => { one("#search").focus(); one("#search").select(); return true; },
    "?": () => { one("#keys").showModal(); return true; },
    "ArrowRight": () => walk(rightward) || follow(".walk [rel=next]"),
    "ArrowLeft": () => walk(-rightward) || follow(".walk [rel=prev]"),
    "ArrowDown": () => document.activeElement.matches(".card > a") && walk(1, true),
    "ArrowUp": () => document.activeElement.matches(".card > a") && walk(-1, true),
    "]": () => follow(".pages [rel=next]"),
    "[": () => follow(".pages [rel=prev]"),
    "Escape": () => !one("#keys").open && follow("[data-up]"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches("input, select, textarea, [tabindex='0'].scroll")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const act = keys[event.key];
    if (act && !one("#keys").open && act()) event.preventDefault();
  });

  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const from = document.getElementById(button.dataset.copy);
        await navigator.clipboard.writeText(from.href || from.textContent);
        button.textContent = "Copied";
      });
    }
  }
})();
