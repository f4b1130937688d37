"""What providers call: checked, kept, answered at once. The work is done afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from wiseops.api import signatures
from wiseops.config import Config
from wiseops.domain.errors import Refused
from wiseops.extensions import csrf
from wiseops.formats import payloads, postmark, sendgrid, vonage, vonage_voice
from wiseops.formats.arrivals import postmark as inbound
from wiseops.security import MIB, body_limit
from wiseops.services import webhooks
from wiseops.services.webhooks import Received

bp = Blueprint("webhooks", __name__, url_prefix="/webhooks")
csrf.exempt(bp)
_SMALL = MIB // 4


@bp.post("/vonage/status")
@body_limit(_SMALL)
def vonage_status() -> ResponseReturnValue:
    """How a message fares."""
    body = _from_vonage()
    return _keep(lambda: [Received("vonage", "status", vonage.report(body).event_id, body)])


@bp.post("/vonage/inbound")
@body_limit(_SMALL)
def vonage_inbound() -> ResponseReturnValue:
    """What somebody wrote."""
    body = _from_vonage()
    return _keep(lambda: [Received("vonage", "inbound", vonage.inbound(body).event_id, body)])


@bp.post("/vonage/voice")
@body_limit(_SMALL)
def vonage_voice_event() -> ResponseReturnValue:
    """How one phone of a call fares; the call and the leg stand in the address."""
    body = _from_vonage()
    ref, leg = request.args.get("call", ""), request.args.get("leg", "")

    def read() -> list[Received]:
        kept = vonage_voice.addressed(body, ref=ref, leg=leg)
        return [Received("vonage", "voice", vonage_voice.event(kept).event_id, kept)]

    return _keep(read)


@bp.post("/email/events")
@body_limit(MIB)
def email_events() -> ResponseReturnValue:
    """What became of e-mails: one event of Postmark's, or a list of SendGrid's."""
    body = _from_mail_service()
    return _keep(lambda: _email_events(body))


@bp.post("/email/inbound")
@body_limit(64 * MIB)
def email_inbound() -> ResponseReturnValue:
    """An e-mail that somebody wrote to us, as Postmark tells it."""
    body = _from_mail_service(may_sign=False)
    try:
        event_id = inbound.event_id(body)
    except Refused as refused:
        abort(400, refused.message)
    now = datetime.now(UTC)
    return {"stored": int(webhooks.store_mail(body, provider="postmark", event_id=event_id, now=now))}


def _email_events(body: bytes) -> list[Received]:
    given = payloads.read(body)
    if isinstance(given, list):
        return [_from_list(each) for each in given]
    if postmark.is_event(given):
        return [Received("postmark", "event", postmark.event(given).event_id, body)]
    raise Refused("These are not e-mail events of a service that we know.")


def _from_list(given: Any) -> Received:
    """One event of a list. What cannot be read is kept too: a list refused comes back whole, for days."""
    body = _json(given)
    try:
        return Received("sendgrid", "event", sendgrid.event(given).event_id, body)
    except Refused:
        return Received("sendgrid", "unreadable", hashlib.sha256(body).hexdigest(), body)


def _keep(read: Callable[[], list[Received]]) -> ResponseReturnValue:
    try:
        received = read()
    except Refused as refused:
        abort(400, refused.message)
    return {"stored": webhooks.store(received, now=datetime.now(UTC))}


def _from_vonage() -> bytes:
    secret = _config().vonage_signature_secret
    if not secret:
        abort(503, "Set VONAGE_SIGNATURE_SECRET to receive this.")
    body = request.get_data()
    given = request.headers.get("Authorization", "")
    if not signatures.is_vonage(given, body, secret=secret, now=datetime.now(UTC)):
        abort(401, "The signature is missing, too old, or not ours.")
    return body


def _from_mail_service(*, may_sign: bool = True) -> bytes:
    """The body, once somebody may send one; a signature, which is over the body, only of what is small."""
    config = _config()
    user, password, key = config.email_webhook_user, config.email_webhook_password, config.sendgrid_webhook_public_key
    if not (user and password) and not key:
        abort(
            503, "Set EMAIL_WEBHOOK_USER and EMAIL_WEBHOOK_PASSWORD, or SENDGRID_WEBHOOK_PUBLIC_KEY, to receive this."
        )
    if user and password and signatures.is_basic(request.authorization, user=user, password=password):
        return request.get_data()
    if key and may_sign:
        body = request.get_data()
        if signatures.is_sendgrid(request.headers, body, public_key=key, now=datetime.now(UTC)):
            return body
    raise Unauthorized("Neither the password nor the signature is right.", www_authenticate=WWWAuthenticate("basic"))


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _config() -> Config:
    config: Config = current_app.extensions["wiseops"]
    return config
