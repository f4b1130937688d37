"""One click ends e-mails to an address; looking at the page does not."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, senders, the_message
from tests.web.conftest import Browser
from wiseops.domain.unsubscribing import token
from wiseops.extensions import db
from wiseops.models import Automation, Suppression
from wiseops.services import automation, messages
from wiseops.services.transaction import transaction


@pytest.fixture
def path(app: Flask) -> str:
    """The link in a reminder that left."""
    running()
    a_debtor(email="Mette@Example.com")
    with transaction():
        db.session.get_one(Automation, 1).mode = "live"
    outbox = Recorder(reaches_people=True)
    messages.send_due(NOW, senders=senders(outbox))
    return urlsplit(outbox.sent[0].unsubscribe_url).path


def standing() -> list[tuple[str, str, str, str]]:
    columns = (Suppression.channel, Suppression.address, Suppression.reason, Suppression.source)
    return [tuple(row) for row in db.session.execute(select(*columns))]


def test_looking_changes_nothing(client: Browser, path: str):
    page = client.get(path)

    assert page.status_code == 200
    assert "Mette@Example.com" in page.text
    assert standing() == []


def test_one_click_without_a_session_or_a_token_is_enough_and_twice_is_once(app: Flask, client: Browser, path: str):
    app.config["WTF_CSRF_ENABLED"] = True

    for _time in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "noted" in answer.text) == (200, True)

    assert standing() == [("email", "mette@example.com", "opted_out", "link")]


def test_what_waits_for_the_address_is_cancelled(client: Browser):
    running()
    account = a_debtor()
    automation.run(NOW)
    message = the_message(account)
    secret = client.application.extensions["wiseops"].secret_key

    client.post("/unsubscribe/" + token(secret, "mette@example.com", message.id))

    assert the_message(account).status == "cancelled"


@pytest.mark.parametrize("wrong", ["nothing", token("another secret", "mette@example.com", 1)])
def test_a_link_that_is_not_ours_is_not_found(client: Browser, wrong: str):
    assert client.get(f"/unsubscribe/{wrong}").status_code == 404
    assert client.post(f"/unsubscribe/{wrong}").status_code == 404
    assert standing() == []
