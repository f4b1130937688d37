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
