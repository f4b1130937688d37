"""A document behind a link: it opens without a login until it ends, and looking changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import a_user, an_account
from tests.web.conftest import Browser
from wiseops.domain.documents import sign
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import DocumentLink, Event
from wiseops.queries import company
from wiseops.services import documents, files
from wiseops.web.clock import now

BYTES = b"%PDF-1.7 " + b"x" * 2_000_000

_TOKEN = re.compile(r"""{"X-CSRFToken": "[^"]*"}""")
"""It tells the second in which it was made."""


def a_link(name: str = "Faktura 1001.pdf", kind: str = "application/pdf", **more: object) -> str:
    """The path of a link to a file."""
    stored = files.store([BYTES], name=name, content_type=kind, now=now())
    return documents.link(stored.id, account_id=an_account(), now=now(), by_id=None, **more)  # type: ignore[arg-type]


def rows() -> list[DocumentLink]:
    return list(db.session.scalars(select(DocumentLink).execution_options(populate_existing=True)))


def test_the_document_is_saved_by_whoever_has_the_link(client: Browser):
    path = a_link()

    answer, head = client.get(path), client.head(path)

    assert (answer.status_code, answer.data) == (200, BYTES)
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(BYTES))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Faktura 1001.pdf"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert len(path) < 60  # It travels in an SMS.
    assert client.post(path).status_code == 405


def test_a_link_that_ended_or_never_was_tells_nothing(app: Flask, client: Browser):
    ended, revoked, open_one = a_link(lasts=timedelta(0)), a_link(), a_link()
    documents.revoke(rows()[1].id, now=now(), by_id=None)
    secret = app.extensions["wiseops"].secret_key
    others = {sign(secret, "never"), sign("another secret", rows()[2].token), rows()[2].token, "x", quote("å.ø")}

    answers = [client.get(path) for path in (ended, revoked, *(f"/files/{other}" for other in others))]

    assert [answer.status_code for answer in answers] == [410, 410] + [404] * len(others)
    assert len({_TOKEN.sub("", answer.text) for answer in answers}) == 1
    assert company.get().name in answers[0].text
    assert "Faktura" not in answers[0].text
    assert client.get(open_one).status_code == 200


def test_what_could_run_is_only_bytes_to_save(client: Browser):
    page = client.get(a_link("../\u202efdp.exe\r\nX: <y>.html", "text/html"))
    danish = client.get(a_link("Kontoudtog åæø.pdf"))

    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"] == 'attachment; filename="fdp.exeX y.html"'
    assert "filename*=UTF-8''Kontoudtog%20%C3%A5%C3%A6%C3%B8.pdf" in danish.headers["Content-Disposition"]


def test_a_collector_takes_a_link_back_once(client: Browser):
    path = a_link()
    taking_back = f"/documents/{rows()[0].id}/revocation"
    assert "/login" in client.post(taking_back).location
    client.sign_in(a_user())

    for _ in range(2):
        assert client.post(taking_back).status_code == 303

    assert client.get(path).status_code == 410
    told = db.session.scalars(select(Event).where(Event.kind == "document_revoked")).all()
    assert [event.facts["name"] for event in told] == ["Faktura 1001.pdf"]
    assert client.post("/documents/99/revocation").status_code == 404


def test_only_a_file_that_is_here_gets_a_link(app: Flask):
    with pytest.raises(NotFound):
        documents.link(99, account_id=an_account(), now=now(), by_id=None)
