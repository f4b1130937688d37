/* Forms in their place: what somebody typed stays, and is never dropped unasked; files take the time they need. */
(() => {
  "use strict";

  const UPLOAD_MS = 600_000;
  const place = () => document.querySelector("[data-place]");
  let opener = null;

  /* Drafts in which somebody typed since they were opened, by id: their elements come and go with each answer. */
  const typed = new Set();
  const drafts = () => [...typed].map((id) => document.getElementById(id)).filter((draft) => draft?.children.length);
  const forget = (draft) => [draft, ...draft.querySelectorAll("[data-draft]")].forEach((part) => typed.delete(part.id));

  function mark(event) {
    if (event.target.matches("select, [type=radio]")) return;
    for (let at = event.target; at; at = at.parentElement) if (at.matches("[data-draft], [data-place]")) typed.add(at.id);
  }
  document.addEventListener("input", mark);
  document.addEventListener("change", mark);

  function mayDrop(lost, question) {
    const isAllowed = !lost.length || window.confirm(question || document.body.dataset.discard);
    if (isAllowed) lost.forEach(forget);
    return isAllowed;
  }

  const drawn = (choice) => [...choice.options].find((option) => option.defaultSelected)?.value ?? "";

  /* Asks before an answer replaces what was typed: not a form that replaces itself or a part of it, nor a morph. */
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, target } = event.detail;
    const choice = elt.matches("[data-warning]") ? elt : null;
    const isOwn = (draft) => elt.contains(draft) || (draft.contains(elt) && !elt.matches("a"));
    const isLost = (draft) => (target.contains(draft) || draft.contains(target)) && !isOwn(draft);
    const isKept = elt.closest("[hx-swap]")?.getAttribute("hx-swap").startsWith("morph") || (choice && !choice.value);
    const isAllowed = isKept || mayDrop(drafts().filter(isLost), choice?.dataset.warning);
    if (!isAllowed) event.preventDefault();
    if (choice && !isAllowed) choice.value = choice.dataset.chosen ?? drawn(choice);
    if (choice) choice.dataset.chosen = choice.value;
    if (isAllowed && elt.matches("[data-opens]")) opener = elt;
  });

  /* Leaving the page asks as well; to ring or to write to somebody from it does not leave it. */
  let rang = false;
  document.addEventListener("click", (event) => {
    if (!event.target.closest('a:is([href^="tel:"], [href^="mailto:"])')) return;
    rang = true;
    setTimeout(() => (rang = false), 500);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!rang && drafts().length) event.preventDefault();
  });

  /* What was taken is no draft any more; what came back with something wrong still is. */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig: { elt } } = event.detail;
    if (xhr.status >= 300 || !elt.matches("form")) return;
    const isLeaving = xhr.getResponseHeader("HX-Redirect");
    drafts().filter((draft) => draft === elt || (isLeaving && draft.contains(elt))).forEach(forget);
  });

  /* A form that is sent by leaving the page asks nothing; come back with something wrong, it is a draft again. */
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) drafts().filter((draft) => draft.contains(event.target)).forEach(forget);
  });
  document.querySelectorAll("[data-draft]:has(.error, [role=alert])").forEach((draft) => typed.add(draft.id));

  /* So does going back to a tab: the address is there already when one is asked, and is put back. */
  let here = location.href;
  ["htmx:pushedIntoHistory", "htmx:historyRestore"].forEach((moved) => document.addEventListener(moved, () => (here = location.href)));
  document.addEventListener("htmx:historyCacheMiss", (event) => {
    if (mayDrop(drafts())) return;
    event.preventDefault();
    history.pushState({ htmx: true }, "", here);
  });

  /* A region that renews itself leaves alone a form that somebody is at and a part that renews itself, and open what they opened. */
  let answered = null;
  document.addEventListener("htmx:beforeSwap", (event) => (answered = event.detail.requestConfig.elt));
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (node, fresh) => {
    if (node === answered || node.nodeType !== Node.ELEMENT_NODE || node.id !== fresh.id) return true;
    const isInUse = typed.has(node.id) || node.contains(document.activeElement);
    return !(node.matches("[data-own]") || (node.matches("form[data-draft]") && isInUse));
  };
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
    name !== "open" || !node.matches("details:not(:has(form)), details[data-stays]");

  /* The button that opened a form has the focus back when it is closed. */
  function close() {
    if (!place()?.hasChildNodes() || !mayDrop(drafts().filter((draft) => place().contains(draft)))) return;
    place().replaceChildren();
    opener?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("details.menu[open]")) close();
    const form = event.target.closest?.("textarea")?.form;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form?.closest("[data-place]")) return;
    event.preventDefault();
    form.querySelector("button[type=submit]:not(.scriptless)")?.click();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-place] [data-close]")) return;
    event.preventDefault();
    close();
  });

  document.addEventListener("htmx:afterSwap", () => {
    [...typed].filter((id) => !document.getElementById(id)?.children.length).forEach((id) => typed.delete(id));
    if (place() && !place().children.length && document.activeElement === document.body) opener?.focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const first = (which) => event.target.querySelector(which);
    if (event.detail.xhr?.status === 422) first("[aria-invalid]")?.focus();
    if (event.target !== place()) return;
    place().scrollIntoView({ block: "nearest" });
    (first("[autofocus]") || first("input:not([type=hidden]), select, textarea"))?.focus();
  });

  /* Files: none too large, no hurry, and a line that shows how far they are. */
  document.addEventListener("change", (event) => {
    const limit = Number(event.target.dataset?.maxMb);
    if (!limit || !event.target.files) return;
    const isTooLarge = [...event.target.files].some((file) => file.size > limit * 1024 * 1024);
    event.target.setCustomValidity(isTooLarge ? event.target.dataset.tooLarge : "");
    event.target.reportValidity();
  });

  document.addEventListener("change", (event) => {
    const count = document.getElementById(event.target.dataset?.counted);
    if (!count) return;
    count.value = event.target.files.length;
    count.dispatchEvent(new Event("change", { bubbles: true }));
  });

  const upload = (form) => form.querySelector?.("[data-upload]");
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, formData } = event.detail;
    if (![...formData.values()].some((value) => value instanceof File && value.size)) return;
    event.detail.timeout = UPLOAD_MS;
    if (upload(elt)) upload(elt).hidden = false;
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const { lengthComputable, loaded, total } = event.detail;
    if (lengthComputable && upload(event.target)) upload(event.target).querySelector("progress").value = loaded / total;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (upload(event.target)) upload(event.target).hidden = true;
  });
})();
