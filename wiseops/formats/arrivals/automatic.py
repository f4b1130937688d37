"""What a program wrote by itself: an out-of-office answer, a receipt, a report. Nobody waits for an answer to it.

Taking a person for a program is worse than the other way round: when in doubt, a person wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from wiseops.formats.arrivals.headers import Fields


class Kind(StrEnum):
    """Who wrote it, and why."""

    REPLY = "reply"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"


_MARKS = (
    "x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-auto-responder", "x-autoreply-from",
    "x-mail-autoreply", "x-vacation", "x-ms-exchange-inbox-rules-loop", "x-mailer-autoreply",
)  # fmt: skip
_MACHINES = ("mailer-daemon@", "mail-daemon@", "postmaster@")
_PRECEDENCES = ("auto_reply", "bulk", "junk")
_SUBJECT = re.compile(
    r"(?:\[[^\]]{1,40}\]\s*)?(?:"
    r"automatic (?:reply|response)|auto[- ]?reply|auto[- ]?response|autoresponder"
    r"|out[ -]of[ -](?:the )?office|(?:i am |i'm )?away from (?:the|my) office|away until"
    r"|on (?:vacation|annual leave)\b"
    r"|automatisk (?:svar|besvarelse)|autosvar|svar automatisk"
    r"|(?:jeg er |er )?(?:ikke|ude af) (?:på )?kontoret|ude af kontoret|ikke til ?stede"
    r"|fraværsbesked|fraværsmelding|fravær:"
    r"|automatiskt svar|frånvaro|automatische antwort|abwesenheits?notiz|réponse automatique|automatisch antwoord"
    r")",
    re.IGNORECASE,
)
"""How the subjects of programs begin. An answer to one begins with Re: or SV:, and is a person's."""


def kind(fields: Fields, containers: Collection[str], *, kinds: Collection[str]) -> Kind:
    """`containers` the multiparts of the mail, `kinds` the types of its parts."""
    if "message/feedback-report" in kinds:
        return Kind.COMPLAINT
    if "message/delivery-status" in kinds and "multipart/report" in containers:
        return Kind.BOUNCE
    return Kind.AUTOMATIC if _is_automatic(fields) else Kind.REPLY


def _is_automatic(fields: Fields) -> bool:
    submitted = fields.text("auto-submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no") or fields.has(*_MARKS):
        return True
    if fields.text("return-path") == "<>":
        return True
    if any(address.lower().startswith(_MACHINES) for _who, address in fields.addresses("from")):
        return True
    precedence = {fields.text("precedence").lower(), fields.text("x-precedence").lower()}
    is_relayed = fields.has("list-id", "list-post")  # A list passes on what people write.
    if precedence & set(_PRECEDENCES) and not is_relayed:
        return True
    return _SUBJECT.match(fields.text("subject")) is not None
