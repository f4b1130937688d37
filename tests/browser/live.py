"""The real app on a free port, and the Chromium that visits it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

AXE = Axe().axe_script
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Yields the address at which the app answers, in threads; in the end nothing is being answered."""
    answering: list[object] = []

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answering.append(environ)
        try:
            return app(environ, start_response)
        finally:
            answering.pop()

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        while answering:
            time.sleep(0.01)
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yields a headless Chromium: the system's where there is one, else playwright's own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    """Through the form, as a person does."""
    page.goto(address + "/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)


def violations(page: Page, *, only: str | None = None, within: str = "body") -> list[str]:
    """What axe finds wrong for WCAG 2.2 AA, or by `only` this rule, `within` this part: which, where, and why."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": [only] if only else STANDARDS, "preload": False, "resultTypes": ["violations"]}
    asked = [within if within != "body" else None, options]
    run = "([part, options]) => axe.run(part ?? document, options).then(answer => answer.violations)"
    found = page.evaluate(run, asked)
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
