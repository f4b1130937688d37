"""What is with the text of an e-mail: what it answers, folded away, its files, and the mail as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from wiseops.models import Reply
from wiseops.queries import arrivals

WRITTEN_BY = {
    "automatic": (_l("automatic answer"), "neutral"),
    "bounce": (_l("came back"), "bad"),
    "complaint": (_l("complaint"), "bad"),
}
"""How a mail is marked that no person wrote."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of a mail."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Enclosure:
    """`left_out` names files that are only in the mail as it came, `raw_id`."""

    reply_id: int
    quoted: str
    files: Sequence[Enclosed]
    left_out: Sequence[str]
    raw_id: int | None


def of(replies: Sequence[Reply]) -> dict[int, Enclosure]:
    """That of each e-mail among these."""
    mails = [reply for reply in replies if reply.channel == "email"]
    files = arrivals.files([mail.id for mail in mails])
    return {
        mail.id: Enclosure(
            mail.id,
            mail.quoted,
            [Enclosed(file.id, file.name, file.size) for file in files.get(mail.id, ())],
            tuple(mail.left_out),
            mail.raw_id,
        )
        for mail in mails
    }
