"""Who calls: the proofs that providers send along, each checked in constant time and closed on doubt."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

import jwt
import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from jwt.types import Options
from werkzeug.datastructures import Authorization, Headers

_log = structlog.get_logger(__name__)
TOKEN_AGE = timedelta(minutes=5)
EVENT_AGE = timedelta(minutes=10)
_OPTIONS: Options = {"require": ["iat"], "verify_aud": False, "verify_sub": False, "verify_jti": False}


def is_vonage(authorization: str, body: bytes, *, secret: str, now: datetime) -> bool:
    """`Bearer` and a JWT signed with our secret, made within five minutes, for this body where it names one.

    A clock may run ahead of ours by as much; what has expired has expired.
    """
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return False
    try:
        claims = jwt.decode(
            token.strip(), secret, algorithms=["HS256"], leeway=TOKEN_AGE.total_seconds(), options=_OPTIONS
        )
    except jwt.PyJWTError:
        return False
    if abs(now.timestamp() - float(claims["iat"])) > TOKEN_AGE.total_seconds():
        return False
    if "exp" in claims and now.timestamp() >= float(claims["exp"]):
        return False
    if "payload_hash" not in claims:
        _log.info("webhook_without_body_hash", claims=",".join(sorted(claims)))
        return True
    return hmac.compare_digest(str(claims["payload_hash"]).lower().encode(), hashlib.sha256(body).hexdigest().encode())


def is_basic(given: Authorization | None, *, user: str, password: str) -> bool:
    """This user and this password."""
    if given is None or given.type != "basic":
        return False
    pairs = ((given.username or "", user), (given.password or "", password))
    same = [hmac.compare_digest(theirs.encode("utf-8", "replace"), ours.encode()) for theirs, ours in pairs]
    return all(same)


def is_sendgrid(headers: Headers, body: bytes, *, public_key: str, now: datetime) -> bool:
    """Signed by the key's owner over timestamp and body, within ten minutes."""
    signature = headers.get("X-Twilio-Email-Event-Webhook-Signature", "")
    timestamp = headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15):
        return False
    if abs(now.timestamp() - int(timestamp)) > EVENT_AGE.total_seconds():
        return False
    try:
        key = load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(base64.b64decode(signature, validate=True), timestamp.encode() + body, ec.ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True
