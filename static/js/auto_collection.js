/* Ticked rows, the panel that acts on them, and a list that never changes under one's hand. */
(() => {
  "use strict";

  const list = () => document.querySelector("[data-list]");
  const boxes = () => [...document.querySelectorAll('[data-list] tbody input[name="id"]')];
  const isBusy = () => boxes().some((box) => box.checked) || document.querySelector("#act [data-panel]");

  function count() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const picked = boxes().filter((box) => box.checked).length;
    const all = bar.querySelector("[data-all]");
    const words = bar.querySelector("[data-picked]");
    bar.hidden = picked === 0;
    document.querySelector("[data-sum]").hidden = picked > 0;
    if (picked === 0 && all) all.checked = false;
    words.textContent = all && all.checked ? all.dataset.all : words.dataset.picked.replace("#", picked);
    const top = document.querySelector("[data-check-all]");
    if (top) {
      top.checked = picked > 0 && picked === boxes().length;
      top.indeterminate = picked > 0 && !top.checked;
    }
  }

  function close() {
    const place = document.getElementById("act");
    if (place) place.replaceChildren();
  }

  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-list]")) count();
  });

  document.addEventListener("click", (event) => {
    const closing = event.target.closest("#act [data-close]");
    if (closing && list()) {
      event.preventDefault();
      close();
    }
    if (event.target.closest("[data-unpick]")) {
      boxes().forEach((box) => (box.checked = false));
      count();
    }
    if (event.target.closest("[data-refresh]")) htmx.trigger(list(), "refresh");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (event.key === "x" && !typing && !event.ctrlKey && !event.metaKey) {
      const box = document.activeElement?.closest("tr")?.querySelector('input[name="id"]');
      if (box) {
        box.checked = !box.checked;
        count();
      }
    }
  });

  document.addEventListener("list-changed", () => {
    if (!list()) return;
    const hint = document.querySelector("[data-changed]");
    if (isBusy() && hint) hint.hidden = false;
    else htmx.trigger(list(), "refresh");
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    count();
    const panel = event.target.id === "act" && event.target.querySelector("[data-panel]");
    if (!panel) return;
    panel.scrollIntoView({ block: "nearest" });
    (panel.querySelector("[autofocus]") || event.target).focus({ preventScroll: true });
  });
})();
