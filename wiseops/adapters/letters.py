"""An e-mail as it goes over the wire: one addressee, both a plain and an HTML part, no header that says two things."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from email import policy
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formataddr

import flask_mail

from wiseops.domain.messages import Failure, Outbound, SendFailed
from wiseops.formats import mails

_SHORT = 60
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_ID = re.compile(r"[^<>\s]+@[^<>\s]+")
_ADDRESS = re.compile(r"[^@\s<>(),;:\"\[\]\\]+@[^@\s<>(),;:\"\[\]\\]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """What the server is told and given."""

    sender: str
    to: str
    copies: tuple[str, ...]
    message_id: str
    content: bytes


class _Plain(policy.Compat32):
    """Headers as they are. The newer policies break an encoded name apart, write a long link as an encoded word, and
    take ten times as long.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """A short line, or one that cannot be broken, stands as it is; so most of them cost nothing."""
        if type(value) is str and value.isascii() and "\n" not in value and (len(value) < _SHORT or " " not in value):
            return f"{name}: {value}\r\n".encode()
        return super().fold_binary(name, value)


_PLAIN = _Plain(linesep="\r\n")


class _Mail(flask_mail.Message):
    """Its texts are quoted-printable, so that every server on the way takes them as they are."""

    sender_header = ""
    ref = ""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMENonMultipart:  # type: ignore[override]
        part = MIMENonMultipart("text", subtype, charset="utf-8")
        part["Content-Transfer-Encoding"] = "quoted-printable"
        lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").encode()
        part.set_payload(binascii.b2a_qp(lines, istext=True).decode("ascii"))
        return part

    def _message(self) -> MIMEBase:
        message: MIMEBase = super()._message()
        message.policy = _PLAIN
        message.replace_header("From", self.sender_header)
        for place, part in enumerate(filter(MIMEBase.is_multipart, message.walk())):
            # No part holds "=_": none is written but as quoted-printable or base64.
            part.replace_header("Content-Type", f'{part.get_content_type()}; boundary="=_{place}_{self.ref}"')
        return message


def write(outbound: Outbound, *, default_sender: str) -> Letter:
    """Raises SendFailed where something cannot stand in a header, or nobody is named as the sender."""
    sender = outbound.sender or default_sender
    if not sender:
        raise SendFailed(Failure.CHANNEL, "There is no sender address: set one under Settings, Company.")
    _refuse_control_characters(outbound, sender)
    sender, to = _ascii(sender), _ascii(outbound.to)
    copies = tuple(address for address in dict.fromkeys(map(_ascii, outbound.cc)) if address != to)
    mail = _Mail(
        subject=outbound.subject,
        recipients=[to],
        body=outbound.body,
        html=mails.html(outbound.body),
        sender=sender,
        cc=list(copies),
        reply_to=_ascii(outbound.reply_to) if outbound.reply_to else None,
        date=outbound.at.timestamp(),
        extra_headers=_headers(outbound),
        attachments=[_attached(a.name, a.content_type, a.content) for a in outbound.attachments],
    )
    mail.ref = outbound.ref
    mail.sender_header = _named(outbound.sender_name, sender)
    message_id = f"{outbound.ref}@{sender.rpartition('@')[2]}"
    mail.msgId = f"<{message_id}>"
    return Letter(sender, to, copies, message_id, mail.as_bytes())


def _headers(outbound: Outbound) -> dict[str, str]:
    """Our reference, which Postmark gives back with every event; those that only some messages have.

    Postmark puts its own Message-ID in the place of ours unless told to keep it, and answers name that.
    """
    headers = {"X-PM-Metadata-ref": outbound.ref, "X-PM-KeepID": "true"}
    if outbound.automated:
        headers["Auto-Submitted"] = "auto-generated"
    if outbound.automated and outbound.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{outbound.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    answered = _ID.search(outbound.in_reply_to)
    if answered:
        headers["In-Reply-To"] = headers["References"] = f"<{answered[0]}>"
    return headers


def _attached(name: str, content_type: str, content: bytes) -> flask_mail.Attachment:
    kind = content_type.partition(";")[0].strip()
    kind = kind if _TYPE.fullmatch(kind) and not kind.startswith(("multipart/", "message/")) else ""
    return flask_mail.Attachment(re.split(r"[/\\]", name)[-1] or "file", kind or "application/octet-stream", content)


def _refuse_control_characters(outbound: Outbound, sender: str) -> None:
    """A line end in a header would begin another one."""
    named = [attachment.name for attachment in outbound.attachments]
    texts = (outbound.ref, outbound.subject, outbound.to, sender, outbound.sender_name, outbound.reply_to)
    for text in (*texts, outbound.in_reply_to, outbound.unsubscribe_url, *outbound.cc, *named):
        if any(ord(character) < 32 or character in "\x7f\x85\u2028\u2029" for character in text):
            raise SendFailed(Failure.REJECTED, "An address, the subject or a file's name holds a line end.")


def _ascii(address: str) -> str:
    """The address as every server understands it."""
    local, _at, domain = address.rpartition("@")
    try:
        plain = f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError:
        plain = ""
    if not _ADDRESS.fullmatch(plain):
        raise SendFailed(Failure.REJECTED, "An address is none.")
    return plain


def _named(name: str, address: str) -> str:
    return formataddr((name if name.isascii() else Header(name, "utf-8", maxlinelen=998).encode(), address))
