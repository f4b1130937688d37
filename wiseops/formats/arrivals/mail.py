"""An e-mail as it came, read: who wrote it, what is new in it, what it answers, what is attached."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from wiseops.domain import attachments as rules
from wiseops.domain.attachments import MIB
from wiseops.formats.arrivals import automatic, folding, html, parts, types
from wiseops.formats.arrivals.automatic import Kind
from wiseops.formats.arrivals.headers import Fields
from wiseops.formats.arrivals.parts import Part

LONGEST_TEXT, LONGEST_HTML = 50_000, 600_000
"""Signs of a mail's text that are kept to be shown, and that are read of all its parts; the raw mail has the rest."""

LARGEST = 40 * MIB
"""Bytes of a whole mail that we take: others stop at 25 or 35 MB."""

MOST_FILES, LARGEST_FILE = 50, 25 * MIB
_MOST_ANSWERED, _MOST_NESTED = 30, 30
_PARSED = 256 * 1024
_CUT = " […]"
_CONTROL = dict.fromkeys((*range(9), *range(11, 32), 127))


class Attached(NamedTuple):
    """A file of the mail, its type by its content."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """`answers` the Message-IDs that it answers, the nearest first; `newest` and `quoted` its text, apart.

    `identity` is the same for a mail that is delivered again, and another for one that only claims the same Message-ID.
    `left_out` names files that stay in the raw mail alone.
    """

    identity: str
    kind: Kind
    sender: str
    sender_name: str
    to: str
    subject: str
    message_id: str
    answers: Sequence[str]
    newest: str
    quoted: str
    files: Sequence[Attached]
    left_out: Sequence[str]

    @property
    def said(self) -> str:
        """What was written now, without a signature; the subject where that is all there is."""
        return folding.unsigned(self.newest) or ("" if self.quoted else self.subject)


def identity(raw: bytes) -> str:
    """As of the mail when it is read."""
    fields, body = parts.header(raw)
    return _identity(fields, raw, body)


def parsed(raw: bytes) -> Message | None:
    """The beginning of the mail as the standard library reads it; None where that would take too deep."""
    begun = raw[:_PARSED]
    folded = begun.lower()
    if folded.count(b"boundary") > _MOST_NESTED or folded.count(b"message/") > _MOST_NESTED:
        return None
    try:
        return message_from_bytes(begun)
    except (RecursionError, ValueError, LookupError, TypeError):
        return None


def read(raw: bytes) -> Arrival:
    """The mail, whatever its bytes are."""
    fields, body, found = parts.split(raw)
    inline = _inline(found)
    folded = folding.fold(_text(inline))
    sender = next(iter(fields.addresses("from") or fields.addresses("sender")), ("", ""))
    containers = {kind for part in found for kind, _number in part.place}
    files, left_out = _files([part for part in found if part not in inline and _is_file(part, containers)])
    return Arrival(
        identity=_identity(fields, raw, body),
        kind=automatic.kind(fields, containers, kinds={part.kind for part in found}),
        sender=sender[1],
        sender_name=sender[0],
        to=next((address for name in ("to", "delivered-to") for _who, address in fields.addresses(name)), ""),
        subject=fields.text("subject")[:500],
        message_id=next(iter(fields.ids("message-id")), "")[:200],
        answers=_answers(fields),
        newest=folded.newest,
        quoted=folded.quoted,
        files=files,
        left_out=left_out,
    )


def unreadable(raw: bytes) -> Arrival:
    """What is left where a mail breaks the reader: somebody must look at it as it came."""
    return Arrival(identity(raw), Kind.REPLY, "", "", "", "", "", (), "", "", (), ())


def _inline(found: Sequence[Part]) -> list[Part]:
    """The texts that are the mail itself; of several forms of one the plain one, where it says anything."""
    texts = [part for part in found if part.kind in ("text/plain", "text/html") and not part.is_attached]
    plain = [part for part in texts if part.kind == "text/plain" and part.text().strip()]
    shown = [part for part in texts if part in plain or not any(_same_in_another_form(part, other) for other in plain)]
    return shown or [part for part in found if part.kind.startswith("multipart/") and not part.place]


def _same_in_another_form(part: Part, other: Part) -> bool:
    for mine, theirs in zip(part.place, other.place, strict=False):
        if mine != theirs:
            return mine[0] == theirs[0] == "multipart/alternative"
    return False


def _text(inline: Sequence[Part]) -> str:
    texts, left = [], LONGEST_HTML
    for part in inline:
        text = part.text()[: max(0, left)]
        left -= len(text)
        texts.append(html.text(text) if part.kind == "text/html" else text)
    whole = "\n\n".join(text.strip("\n") for text in texts).translate(_CONTROL)
    return whole if len(whole) <= LONGEST_TEXT else whole[:LONGEST_TEXT] + _CUT


def _is_file(part: Part, containers: Collection[str]) -> bool:
    """Other forms of the text are none, nor what a report is made of."""
    if part.is_attached:
        return True
    if part.kind.startswith("message/") or part.kind == "text/rfc822-headers":
        return part.kind == "message/rfc822" and "multipart/report" not in containers
    is_form = any(kind == "multipart/alternative" for kind, _number in part.place) and part.kind != "text/calendar"
    return not (part.kind in ("text/plain", "text/html") or (is_form and part.kind.startswith("text/")))


def _files(given: Sequence[Part]) -> tuple[list[Attached], list[str]]:
    files: list[Attached] = []
    left_out: list[str] = []
    for part in given:
        name = rules.named(part.name) if part.name else ""
        content = part.content()
        kind = types.of(content, name, part.kind)
        name = name or "file" + (mimetypes.guess_extension(kind) or "")
        if len(files) >= MOST_FILES or len(content) > LARGEST_FILE or rules.could_run(name, content[:16]):
            left_out.append(name)
        elif content:
            files.append(Attached(name, kind, content))
    return files, left_out


def _answers(fields: Fields) -> list[str]:
    """In-Reply-To, then References from the last: the nearest first."""
    nearest_first = [*fields.ids("in-reply-to"), *reversed(fields.ids("references"))]
    return list(dict.fromkeys(given[:200] for given in nearest_first))[:_MOST_ANSWERED]


def _identity(fields: Fields, raw: bytes, body: int) -> str:
    """Without what the servers on its way add; without a Message-ID it is nothing but itself."""
    if not fields.first("message-id"):
        return hashlib.sha256(raw).hexdigest()
    digest = hashlib.sha256(memoryview(raw)[body:])
    for name in ("message-id", "date", "from", "subject", "in-reply-to"):
        digest.update(b"\0" + fields.first(name).encode())
    return digest.hexdigest()
