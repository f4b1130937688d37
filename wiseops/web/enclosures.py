"""What is with the text of a message: what it answers, folded away, its files to save, and a mail as it came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l

from wiseops.models import Reply
from wiseops.queries import arrivals, messages

WRITTEN_BY = {
    "automatic": (_l("automatic answer"), "neutral"),
    "bounce": (_l("came back"), "bad"),
    "complaint": (_l("complaint"), "bad"),
}
"""How a mail is marked that no person wrote."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file, and the address to save it from."""

    address: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Enclosure:
    """`left_out` names files that are only in the mail as it came, which is saved from `raw`."""

    files: Sequence[Enclosed]
    quoted: str = ""
    left_out: Sequence[str] = ()
    raw: str = ""


def of(replies: Sequence[Reply]) -> dict[int, Enclosure]:
    """That of each e-mail among these."""
    mails = [reply for reply in replies if reply.channel == "email"]
    files = arrivals.files([mail.id for mail in mails])
    return {
        mail.id: Enclosure(
            [Enclosed(_came_with(mail, file.id), file.name, file.size) for file in files.get(mail.id, ())],
            mail.quoted,
            tuple(mail.left_out),
            _came_with(mail, mail.raw_id) if mail.raw_id else "",
        )
        for mail in mails
    }


def of_messages(message_ids: Collection[int]) -> dict[int, Enclosure]:
    """The files that go with these messages of ours, as far as they have any."""
    return {
        message_id: Enclosure([Enclosed(went_with(message_id, file.id), file.name, file.size) for file in found])
        for message_id, found in messages.files(message_ids).items()
    }


def went_with(message_id: int, file_id: int) -> str:
    """Where a file of a message of ours is saved from."""
    return url_for("messages.save", message_id=message_id, file_id=file_id)


def _came_with(mail: Reply, file_id: int) -> str:
    return url_for("arrivals.save", reply_id=mail.id, file_id=file_id)
