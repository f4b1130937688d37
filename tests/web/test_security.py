"""Headers, tokens, sizes, proxies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, request

from tests.web.conftest import Browser
from wiseops.app import create_app
from wiseops.security import local_path


def test_pages_are_not_stored_and_run_only_our_own_scripts(collector: Browser):
    headers = collector.get("/settings").headers

    assert headers["Cache-Control"] == "no-store"
    assert "HX-Request" in headers["Vary"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_static_files_are_kept_by_the_browser_under_their_version(client: Browser):
    assert "immutable" in client.get("/static/vendor/htmx-2.0.11.min.js").headers["Cache-Control"]
    assert client.get("/static/css/tokens.css").headers["Cache-Control"] == "no-cache"


def test_https_is_remembered_only_over_https(client: Browser):
    assert "Strict-Transport-Security" not in client.get("/login").headers
    assert "Strict-Transport-Security" in client.get("/login", base_url="https://localhost").headers


def test_a_form_without_its_token_is_refused(app: Flask, collector: Browser):
    app.config["WTF_CSRF_ENABLED"] = True
    assert collector.post("/logout").status_code == 400
    assert collector.get("/settings").status_code == 200


def test_htmx_sends_the_token_as_a_header(app: Flask, collector: Browser):
    app.config["WTF_CSRF_ENABLED"] = True
    token = collector.get("/settings").text.split('"X-CSRFToken": "')[1].split('"')[0]
    assert collector.post("/logout", headers={"X-CSRFToken": token}).status_code == 303


def test_a_body_larger_than_the_limit_is_refused_in_words(collector: Browser):
    answer = collector.post("/settings/profile", data={"name": "x" * 5_000_000})
    assert answer.status_code == 413
    assert "larger than this page takes" in answer.text


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_address_of_the_client_is_believed_only_from_our_proxies(app: Flask, proxies: int):
    other = create_app(replace(app.extensions["wiseops"], trusted_proxies=proxies))
    seen = []
    other.before_request(lambda: seen.append((request.remote_addr, request.is_secure)))

    other.test_client().get("/login", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})

    assert seen == [("203.0.113.9", True) if proxies else ("127.0.0.1", False)]


@pytest.mark.parametrize("target", ["/accounts", "/accounts/7?tab=x#y", "/"])
def test_a_path_of_this_site_is_local(target: str):
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target", ["", None, "accounts", "//x", "/\\x", "\\\\x", "https://x", "/\n/x", " /x", "/x\\y", "mailto:x"]
)
def test_anything_else_is_not(target: str | None):
    assert local_path(target) is None


WORDS = {"code": "DK", "via": "sms", "ref": "a1", "channel": "email", "language": "en", "day": "2026-03-02"}
OPEN_SETTINGS = {"settings.index", "profile.edit", "profile.update", "profile.update_password"}


def addresses(app: Flask, method: str) -> list[tuple[str, str]]:
    """Every endpoint that knows the method, and an address of it."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    built = [(rule, rule.build({name: WORDS.get(name, 1) for name in rule.arguments})) for rule in rules]
    return [(rule.endpoint, found[1]) for rule, found in built if found]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_settings_are_closed_to_collectors_unless_listed(app: Flask, collector: Browser, method: str):
    settings = {path: name for name, path in addresses(app, method) if path.startswith("/settings")}

    answers = {name: collector.open(path, method=method).status_code for path, name in settings.items()}

    assert {name for name, status in answers.items() if status != 403} <= OPEN_SETTINGS
    assert len(answers) > 15


def test_every_form_asks_for_its_token_unless_a_machine_sends_it(app: Flask, admin: Browser):
    app.config["WTF_CSRF_ENABLED"] = True

    answers = {name: admin.post(path).status_code for name, path in addresses(app, "POST")}

    machines = {name for name in answers if name.startswith("webhooks.")} | {"unsubscriptions.create"}
    stale_login = {"sessions.create"}  # goes back to a fresh form
    assert {name for name, status in answers.items() if status != 400} == machines | stale_login
