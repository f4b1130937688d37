/* The little that HTML cannot do: the search key, j and k through rows, the theme, notices, shortcuts of buttons. */
(() => {
  "use strict";

  const root = document.documentElement;
  const notices = () => document.getElementById("notices");

  function notice(text, tone) {
    const template = document.getElementById("notice-template");
    if (!text || !template || !notices()) return;
    const item = template.content.firstElementChild.cloneNode(true);
    item.dataset.tone = tone || "good";
    item.querySelector("p").textContent = text;
    notices().append(item);
  }

  /* What somebody opened to read stays open when the region around it renews itself. */
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => name !== "open" || !node.matches("details:not(:has(form))");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
    const search = document.getElementById("search");
    if (event.key === "/" && !typing && search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if ((event.key === "j" || event.key === "k") && !typing) step(event.key === "j" ? 1 : -1);
    const field = event.target.closest?.("input, textarea, select, [contenteditable]");
    const named = field || event.repeat ? null : document.querySelector(`main [aria-keyshortcuts="${CSS.escape(event.key)}"]`);
    if (named) {
      event.preventDefault();
      named.click();
      if (named.matches("summary")) named.parentElement.querySelector("input:not([type=hidden])")?.focus();
    }
    if (event.key === "Escape" && !document.querySelector("details.menu[open]")) close();
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
  });

  /* What is chosen in a row that scrolls sideways is seen. */
  function reveal(within) {
    within.querySelectorAll("nav [aria-current]").forEach((chosen) => {
      const row = chosen.closest("nav");
      const [outer, inner] = [row.getBoundingClientRect(), chosen.getBoundingClientRect()];
      if (row.scrollWidth > row.clientWidth) row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    });
  }
  reveal(document);
  document.addEventListener("htmx:afterSettle", (event) => reveal(event.target));

  /* A choice that writes over a text asks first, if somebody typed there. */
  document.addEventListener("htmx:confirm", (event) => {
    const choice = event.target.closest?.("[data-replaces]");
    if (!choice) return;
    const text = document.querySelector(choice.dataset.replaces);
    const isTyped = choice.value && text && text.value.trim() && text.value !== text.defaultValue;
    if (isTyped && !window.confirm(choice.dataset.warning)) {
      event.preventDefault();
      choice.value = choice.dataset.chosen || "";
    }
    choice.dataset.chosen = choice.value;
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("textarea")?.form;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form?.closest("[data-place]")) return;
    event.preventDefault();
    form.querySelector("button[type=submit]:not(.scriptless)")?.click();
  });

  /* A form opened in its place: what was typed is not dropped unasked, and the button that opened it has the focus back. */
  let opener = null;
  const place = () => document.querySelector("[data-place]");

  function mayLeave() {
    const texts = place() ? [...place().querySelectorAll("textarea")] : [];
    const isTyped = texts.some((text) => text.value !== text.defaultValue);
    return !isTyped || window.confirm(place().dataset.discard);
  }

  function close() {
    if (!place()?.hasChildNodes() || !mayLeave()) return;
    place().replaceChildren();
    opener?.focus();
  }

  document.addEventListener("click", (event) => {
    const closing = event.target.closest("[data-place] [data-close]");
    const opening = event.target.closest("[data-opens]");
    if (closing) {
      event.preventDefault();
      close();
    }
    if (!opening || !place()) return;
    if (mayLeave()) {
      opener = opening;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target !== place()) return;
    place().scrollIntoView({ block: "nearest" });
    const first = (which) => place().querySelector(which);
    (first("[autofocus]") || first("input:not([type=hidden]), select, textarea"))?.focus();
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (place() && !place().children.length && document.activeElement === document.body) opener?.focus();
  });

  function step(by) {
    const links = [...document.querySelectorAll("main tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
    const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  document.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".notice").remove();
    if (event.target.closest("[data-theme-toggle]")) toggleTheme();
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const all = event.target.closest("[data-check-all]");
    if (all) {
      document.querySelectorAll(`input[name="${all.dataset.checkAll}"]`).forEach((box) => {
        box.checked = all.checked;
      });
      all.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  document.addEventListener("change", (event) => {
    const limit = Number(event.target.dataset?.maxMb);
    if (!limit || !event.target.files) return;
    const isTooLarge = [...event.target.files].some((file) => file.size > limit * 1024 * 1024);
    event.target.setCustomValidity(isTooLarge ? event.target.dataset.tooLarge : "");
    event.target.reportValidity();
  });

  function toggleTheme() {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const region = event.target.matches("[data-poll]") && event.target;
    if (region && (document.hidden || region.querySelector("tbody input:checked"))) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.querySelectorAll("[data-poll]").forEach((region) => htmx.trigger(region, "poll"));
  });

  document.addEventListener("notice", (event) => notice(event.detail.text, event.detail.tone));

  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    const plain = (answer.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    notice(plain ? answer.responseText : document.body.dataset.failed, "bad");
  });
  document.addEventListener("htmx:sendError", () => notice(document.body.dataset.offline, "bad"));
  document.addEventListener("htmx:timeout", () => notice(document.body.dataset.offline, "bad"));
})();
