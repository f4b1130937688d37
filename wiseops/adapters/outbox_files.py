"""The file backend: what would have left, as a file a message, for development, trials and demos."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from wiseops.domain.messages import Accepted, Failure, Outbound, SendFailed

NOBODY = "reminders@example.invalid"


class OutboxFiles:
    """Writes <folder>/<date>/<ref>.eml, or .txt for an SMS. Nothing reaches anyone."""

    name = "file"
    reaches_people = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, outbound: Outbound) -> Accepted:
        """Keeps the message whole or not at all; a full disk is tried again later."""
        suffix, data = (".txt", _text(outbound)) if outbound.channel == "sms" else (".eml", _mail(outbound))
        folder = self._folder / outbound.at.date().isoformat()
        draft = folder / f".{outbound.ref}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(data)
            draft.replace(folder / f"{outbound.ref}{suffix}")
        except OSError as error:
            raise SendFailed(Failure.TRY_LATER, f"The file could not be written: {error.strerror}.") from error
        return Accepted(outbound.ref)


def _text(outbound: Outbound) -> bytes:
    heading = f"From: {outbound.sender or '-'}\nTo: {outbound.to}\nDate: {format_datetime(outbound.at)}\n"
    return f"{heading}\n{outbound.body}\n".encode()


def _mail(outbound: Outbound) -> bytes:
    mail = EmailMessage()
    try:
        mail["From"] = Address(outbound.sender_name, addr_spec=outbound.sender or NOBODY)
        mail["To"] = Address(addr_spec=outbound.to)
        if outbound.cc:
            mail["Cc"] = tuple(Address(addr_spec=address) for address in outbound.cc)
        if outbound.reply_to:
            mail["Reply-To"] = Address(addr_spec=outbound.reply_to)
        mail["Subject"] = outbound.subject
    except (ValueError, IndexError) as error:
        raise SendFailed(Failure.REJECTED, "An address or the subject cannot stand in a mail.") from error
    mail["Date"] = outbound.at
    mail["Message-ID"] = f"<{outbound.ref}@wiseops.invalid>"
    mail.set_content(outbound.body)
    return mail.as_bytes()
