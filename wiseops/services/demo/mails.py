"""What is mailed in the demo book: answers to reminders, a picture of a receipt, a holiday greeting, a stranger."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from wiseops.extensions import db
from wiseops.formats.arrivals import mail
from wiseops.models import Account, Contact, Message
from wiseops.services import arrivals, files
from wiseops.services.arrivals import Read

_TEXTS = {
    "da": "Hej\n\nTak for jeres mail. Beløbet er overført i dag, se vedhæftede kvittering.\n\nVenlig hilsen\n{name}",
    "nb": "Hei\n\nTakk for e-posten. Beløpet er betalt i dag, se vedlagt kvittering.\n\nVennlig hilsen\n{name}",
    "en": "Hello,\n\nCould you send us a copy of the invoice? Our purchasing needs it to approve.\n\nRegards\n{name}",
}
_HEADINGS = {
    "da": "Den {at:%d.%m.%Y} kl. {at:%H.%M} skrev Nordhavn Supply <accounts@example.com>:",
    "nb": "{at:%d.%m.%Y} kl. {at:%H:%M} skrev Nordhavn Supply <accounts@example.com>:",
    "en": "On {at:%d %b %Y at %H:%M}, Nordhavn Supply <accounts@example.com> wrote:",
}
_AWAY = "Jeg holder ferie til og med fredag og svarer, når jeg er tilbage.\n\n{name}"
_STRANGER = "Hej\n\nJeg har overtaget bogholderiet hos en af jeres kunder. Hvem skriver jeg til?\n\nMvh Bo Bogholder"
_RECEIPT = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
_BORDER = "part"


@dataclass(frozen=True, slots=True)
class Mails:
    """The days before one looks."""

    random: Random

    def surprise(self, now: datetime) -> None:
        """Four customers answer, one of them by a program; and somebody whom nobody knows writes."""
        sent = select(Message, Contact.name, Account.language).join(Contact, Contact.id == Message.contact_id)
        lately = (Message.channel == "email", Message.status == "sent", Account.stage == "engaged")
        query = sent.join(Account, Account.id == Message.account_id).where(*lately)
        latest = {row[0].account_id: row for row in db.session.execute(query.order_by(Message.id))}
        chosen = self.random.sample(sorted(latest), k=min(4, len(latest)))
        for place, account_id in enumerate(chosen):
            message, name, language = latest[account_id]
            at = now - timedelta(hours=self.random.randint(1, 40))
            _receive(_answer(message, name, language or "en", is_away=place == 0), at)
        _receive(_lines("Bo Bogholder <bo@bogholder.example>", "Bogholderi", (), _STRANGER), now - timedelta(hours=5))


def _answer(message: Message, name: str, language: str, *, is_away: bool) -> str:
    sender, thread = f"{name} <{message.to_address}>", f"In-Reply-To: <{message.ref}@example.com>"
    if is_away:
        fields = (thread, "Auto-Submitted: auto-replied")
        return _lines(sender, f"Automatisk svar: {message.subject}", fields, _AWAY.format(name=name))
    quote = "\n".join(f"> {line}" for line in message.body.split("\n"))
    heading = _HEADINGS[language].format(at=message.sent_at)
    text = f"{_TEXTS[language].format(name=name)}\n\n{heading}\n{quote}"
    if language != "en":
        fields = (thread, f"Content-Type: multipart/mixed; boundary={_BORDER}")
        return _lines(sender, f"SV: {message.subject}", fields, _with_receipt(text))
    return _lines(sender, f"Re: {message.subject}", (thread,), text)


def _with_receipt(text: str) -> str:
    file = 'Content-Type: application/pdf; name="kvittering.pdf"\nContent-Transfer-Encoding: base64\n\n'
    receipt = file + encodebytes(_RECEIPT).decode()
    return f"--{_BORDER}\n\n{text}\n--{_BORDER}\n{receipt}\n--{_BORDER}--\n"


def _lines(sender: str, subject: str, fields: Iterable[str], body: str) -> str:
    return "\n".join((f"From: {sender}", "To: accounts@example.com", f"Subject: {subject}", *fields, "", body))


def _receive(text: str, at: datetime) -> None:
    raw = text.encode()
    stored = files.store([raw], name="mail.eml", content_type="message/rfc822", now=at)
    arrivals.take(Read(mail.read(raw), None, stored.id, at), now=at)
