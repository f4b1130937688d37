"""What providers call: checked first, kept once, answered in JSON."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests import events
from tests.events import SECRET, bearer, samples
from tests.factories import NOW, a_contact, an_account
from wiseops.extensions import db
from wiseops.formats import vonage_voice
from wiseops.models import Webhook
from wiseops.services import webhooks

BODY = b'{"message_uuid": "u", "status": "delivered"}'
BASIC = {"Authorization": "Basic " + base64.b64encode(b"mailer:secret").decode()}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """With the secrets of both providers set."""
    app.extensions["wiseops"] = replace(
        app.extensions["wiseops"],
        vonage_signature_secret=SECRET,
        email_webhook_user="mailer",
        email_webhook_password="secret",
    )
    return app.test_client()


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Webhook)) or 0


def test_every_sample_is_stored_once(client: FlaskClient):
    bodies = [("vonage/status", body) for body in samples(*events.STATUSES)]
    bodies += [("vonage/inbound", body) for body in samples(*events.INBOUND)]
    bodies += [("email/events", body) for body in samples(*events.MAIL)]
    each = {"vonage/status": 4, "vonage/inbound": 1, "email/events": 12}

    for _ in range(2):
        for path, body in bodies:
            headers = BASIC if path.startswith("email") else bearer(body)
            assert client.post(f"/webhooks/{path}", data=body, headers=headers).status_code == 200

    assert kept() == sum(each.values())


def test_a_wrong_signature_is_401_and_stores_nothing(client: FlaskClient):
    now = int(time.time())
    unsigned = jwt.encode({"iat": now}, "", "none")
    wrong = [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer æøå"},
        {"Authorization": f"Bearer {unsigned}"},
        {"Authorization": bearer(BODY)["Authorization"].replace("Bearer", "Basic")},
        bearer(BODY, secret="another secret of more than thirty-two letters"),
        bearer(BODY, iat=now - 400),
        bearer(BODY, iat=now + 400),
        bearer(BODY, iat=None),
        bearer(BODY, iat=now - 250, exp=now - 240),
        bearer(BODY, exp=now - 400),
        bearer(BODY + b" "),
        {"Authorization": "Bearer " + jwt.encode({"iat": now}, SECRET, "HS512", {"alg": "HS512"})},
    ]

    for headers in wrong:
        for path in ("status", "inbound", "voice"):
            answer = client.post(f"/webhooks/vonage/{path}", data=BODY, headers=headers)
            assert (answer.status_code, list(answer.json or {})) == (401, ["error"]), headers

    assert kept() == 0
    assert client.post("/webhooks/vonage/status", data=BODY, headers=bearer(BODY, payload_hash=None)).status_code == 200


def test_what_is_no_event_is_refused_in_words(client: FlaskClient):
    broken = [b"", b"{", b"[" * 100_000, b"null", b"[]", b'"text"', b"{}", b'{"message_uuid": 7}', b"\xff\xfe"]

    for body in samples(*events.LEGACY) + broken:
        for path in ("vonage/status", "vonage/inbound", "vonage/voice", "email/events"):
            if path == "email/events" and body == b"[]":
                continue
            headers = BASIC if path == "email/events" else bearer(body)
            answer = client.post(f"/webhooks/{path}", data=body, headers=headers)
            assert (answer.status_code, list(answer.json or {})) == (400, ["error"]), (path, body[:60])

    assert kept() == 0


def test_what_no_text_column_takes_is_kept_all_the_same(client: FlaskClient):
    odd = rb'{"message_uuid": "u\u0000\ud800", "status": "delivered", "client_ref": "\ud800", "to": 1e999}'

    assert client.post("/webhooks/vonage/status", data=odd, headers=bearer(odd)).status_code == 200


def test_news_of_a_leg_is_kept_once_with_the_call_it_names(client: FlaskClient):
    told = [{"uuid": "u-1", "conversation_uuid": "CON-1", "status": status} for status in ("ringing", "answered")]
    told.append({"conversation_uuid": "CON-1", "reason": "Syntax error in NCCO"})
    told.append({"conversation_uuid_from": "CON-1", "uuid": "u-1", "type": "transfer"})

    for body in [json.dumps(each).encode() for each in told] * 2:
        answer = client.post("/webhooks/vonage/voice?call=r-1&leg=debtor", data=body, headers=bearer(body))
        assert answer.status_code == 200

    assert kept() == 4
    bodies = db.session.scalars(select(Webhook.body).order_by(Webhook.id)).all()
    read = [vonage_voice.event(body) for body in bodies]
    assert [each.status for each in read] == ["ringing", "answered", None, None]
    assert {(each.ref, each.leg) for each in read} == {("r-1", "debtor")}


def test_sendgrid_signs_what_it_sends(client: FlaskClient, app: Flask):
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    own = {"sendgrid_webhook_public_key": base64.b64encode(public).decode(), "email_webhook_user": None}
    app.extensions["wiseops"] = replace(app.extensions["wiseops"], **own)
    body = json.dumps([{"event": "open", "sg_event_id": "1", "email": "a@example.com"}]).encode()

    def post(*, at: float, signed: bytes = body, name: str = "Signature") -> int:
        signature = key.sign(str(int(at)).encode() + signed, ec.ECDSA(SHA256()))
        prefix = "X-Twilio-Email-Event-Webhook-"
        headers = {prefix + name: base64.b64encode(signature).decode(), prefix + "Timestamp": str(int(at))}
        return client.post("/webhooks/email/events", data=body, headers=headers).status_code

    assert post(at=time.time() - 700) == 401
    assert post(at=time.time() + 700) == 401
    assert post(at=time.time(), signed=b"[]") == 401
    assert post(at=time.time(), name="Other") == 401
    assert client.post("/webhooks/email/events", data=body, headers=BASIC).status_code == 401
    assert kept() == 0
    assert post(at=time.time()) == 200


def test_one_event_that_cannot_be_read_does_not_refuse_the_others_of_its_list(client: FlaskClient):
    good = [{"event": "open", "sg_event_id": str(number), "email": "a@example.com"} for number in range(2)]
    body = json.dumps([good[0], {"event": "bounce", "email": "a@example.com"}, 7, good[1]]).encode()

    for new in (4, 0):
        answer = client.post("/webhooks/email/events", data=body, headers=BASIC)
        assert (answer.status_code, answer.json) == (200, {"stored": new})

    db.session.rollback()
    webhooks.work(NOW)
    outcomes = db.session.scalars(select(Webhook.outcome).order_by(Webhook.id)).all()
    assert outcomes == ["kept", "unreadable", "unreadable", "kept"]


def test_a_wrong_password_is_401(client: FlaskClient):
    for pair in (b"mailer:wrong", b"other:secret", b"mailer", b"\xff:\xff"):
        headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        assert client.post("/webhooks/email/events", data=b"[]", headers=headers).status_code == 401


def test_programs_are_answered_in_json(app: Flask, client: FlaskClient):
    large = b" " * 300_000
    asked = {
        404: client.get("/webhooks/nowhere"),
        405: client.get("/webhooks/vonage/status"),
        413: client.post("/webhooks/vonage/status", data=large, headers=bearer(large)),
    }
    app.extensions["wiseops"] = replace(app.extensions["wiseops"], vonage_signature_secret="")
    asked[503] = client.post("/webhooks/vonage/status", data=BODY, headers=bearer(BODY))

    assert {code: answer.status_code for code, answer in asked.items()} == {code: code for code in asked}
    assert all(list(answer.json or {}) == ["error"] for answer in asked.values())
    assert "VONAGE_SIGNATURE_SECRET" in asked[503].json["error"]


def test_the_worker_finds_what_was_stored(client: FlaskClient):
    from wiseops.jobs import webhooks as jobs
    from wiseops.queries import replies

    account = an_account()
    a_contact(account, phone="+4520123456")
    body = events.sms("I paid yesterday").body
    client.post("/webhooks/vonage/inbound", data=body, headers=bearer(body))
    db.session.rollback()

    jobs.work()

    assert [reply.body for reply in replies.of_account(account)] == ["I paid yesterday"]


def test_a_mail_of_postmarks_is_kept_once_and_nothing_else_is(client: FlaskClient):
    bodies = samples("postmark-inbound/*.json")
    address = "/webhooks/email/inbound"

    answers = [client.post(address, data=body, headers=BASIC) for body in bodies]

    assert [(answer.status_code, answer.json) for answer in answers] == [(200, {"stored": 1}), (200, {"stored": 0})]
    assert kept() == 1
    assert client.post(address, data=bodies[0]).status_code == 401
    for body in (*samples(*events.MAIL), b"", b"[]", b'{"MessageID": "1"}'):
        assert client.post(address, data=body, headers=BASIC).status_code == 400
    assert kept() == 1
