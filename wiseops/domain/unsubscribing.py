"""The link by which an address leaves our list: signed, without an end, good for nothing else."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from wiseops.domain.errors import NotFound

_SALT = "unsubscribe"


def token(secret: str, address: str, message_id: int) -> str:
    """What stands in the link: the address that got the message, and the message."""
    written = URLSafeSerializer(secret, salt=_SALT).dumps([address, message_id])
    return written if isinstance(written, str) else written.decode()


def read(secret: str, given: str) -> tuple[str, int]:
    """Address and message. Raises NotFound for anything that we did not sign."""
    try:
        address, message_id = URLSafeSerializer(secret, salt=_SALT).loads(given)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound("unsubscribe token") from error
    return str(address), int(message_id)
