"""A running app and a browser for each test; SQLite is enough here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser import live as browsers
from tests.conftest import Renew


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture
def database_url(sqlite_database: tuple[str, Renew]) -> str:
    url, renew = sqlite_database
    renew()
    return url


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The address of the running app."""
    with browsers.serving(app) as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """An empty page; a script error or a refusal by the content policy fails the test."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def inspector(chromium: Browser) -> Iterator[Page]:
    """A page for axe, which itself needs more than the content policy gives."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=True, reduced_motion="reduce")
    yield context.new_page()
    context.close()
