"use strict";
/* The live page without reloads: links and forms within it fetch the next state. All of it works without this file. */

(() => {
  const box = () => document.getElementById("live");

  /** Show another state of the page; what cannot be fetched is simply gone to. */
  async function go(address, push) {
    box().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.status);
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
      box().replaceWith(next);
      if (push) history.pushState(null, "", answer.url);
      prepare();
    } catch {
      location.assign(address);
    }
  }

  /** Sliders move the field beside them. */
  function prepare() {
    for (const slider of document.querySelectorAll("input[type=range][data-for]")) {
      const field = document.getElementById(slider.dataset.for);
      slider.hidden = false;
      slider.addEventListener("input", () => { field.value = Number(slider.value).toPrecision(3); });
      slider.addEventListener("change", () => slider.form.requestSubmit());
      field.addEventListener("input", () => { slider.value = field.value; });
    }
  }

  if (box()) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("#live a");
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!link || !plain || link.pathname !== location.pathname) return;
      event.preventDefault();
      go(link.href, true);
    });
    document.addEventListener("submit", (event) => {
      if (!event.target.closest("#live")) return;
      event.preventDefault();
      go(`${location.pathname}?${new URLSearchParams(new FormData(event.target))}`, true);
    });
    window.addEventListener("popstate", () => go(location.href, false));
    prepare();
  }

  const drop = document.querySelector("form.drop");
  if (drop) {
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      drop.elements.picture.files = event.dataTransfer.files;
      drop.requestSubmit();
    });
  }
})();
