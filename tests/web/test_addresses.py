"""What people and scanners may put behind a question mark."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import a_debtor
from tests.web.conftest import Browser

NAMES = (
    *("_anchor", "_external", "_method", "_scheme", "account_id", "endpoint", "self"),
    *("account", "act", "all", "at", "before", "by", "channel", "code", "contact_id", "count", "country", "currency"),
    *("direction", "first", "follow_up_on", "from", "held", "id", "kind", "last", "message", "next", "offset", "open"),
    *("over", "owner", "page", "person", "plan", "q", "replaces", "sort", "stage", "step", "tag", "text", "to", "v"),
    *("version", "view", "year"),
)
STRANGE = {"nul": "\x00", "many digits": "9" * 30, "no digit": "²"}


@pytest.mark.parametrize("kind", STRANGE)
def test_no_page_breaks_on_what_stands_in_its_address(app: Flask, admin: Browser, kind: str):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    account = a_debtor()
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"]
    paths = [
        rule.build({"account_id": account}, append_unknown=False)[1]
        for rule in rules
        if rule.arguments <= {"account_id"}
    ]

    asked = dict.fromkeys(NAMES, STRANGE[kind])
    answers = {path: admin.get(path, query_string=asked, buffered=True).status_code for path in paths}

    assert {path: status for path, status in answers.items() if status >= 500 and path != "/readyz"} == {}
