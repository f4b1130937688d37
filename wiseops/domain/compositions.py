"""What a person writes to a customer, before it is a message: checked, and without anything that cannot be seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wiseops.domain import segments
from wiseops.domain.contacts import is_email
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.asking import Blocked, Deferred
from wiseops.domain.texts import one_line, several_lines

LONGEST: dict[str, int] = {"sms": 3200, "email": 20_000}
LONGEST_SUBJECT, MOST_COPIES = 200, 10
_MARKS = dict.fromkeys((0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_ANSWERS = re.compile(r"\s*(?:re|sv|svar|aw|antw|vs)\s*:", re.IGNORECASE)
_APART = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed: `to` a contact's id, `cc` addresses, `in_reply_to` the Message-ID that an e-mail answers.

    `seen` is the last reply that was there when the form was opened; None: all that is there now. `shown` is the
    address that the form showed; None: whatever the contact has.
    """

    channel: str
    to: int | None
    body: str
    subject: str = ""
    cc: tuple[str, ...] = ()
    in_reply_to: str = ""
    template_version_id: int | None = None
    seen: int | None = None
    shown: str | None = None


class Withheld(Refused):
    """A guardrail says no: `answer` says why, and where it only waits, until when."""

    def __init__(self, answer: Blocked | Deferred) -> None:
        super().__init__("This may not be sent now.")
        self.answer = answer


def visible(text: str) -> str:
    """Without the marks that turn the direction of writing, which show one text and send another."""
    return text.translate(_MARKS)


def answering(subject: str) -> str:
    """The subject of an answer."""
    return visible(subject if _ANSWERS.match(subject) else f"Re: {subject}")[:LONGEST_SUBJECT].strip()


def addresses(typed: str) -> tuple[str, ...]:
    """The addresses of a line, in any of the ways that people write several."""
    return tuple(filter(None, _APART.split(typed)))


def text_of(channel: str, body: str) -> str:
    """The text as it will leave. Raises Refused where it is empty or too long."""
    text = several_lines(visible(body), "body", LONGEST[channel])
    if not text:
        raise Refused("Write a text.", "body")
    return segments.plainer(text) if channel == "sms" else text


def check(draft: Draft) -> Draft:
    """The draft as it will leave. Raises Refused on the field."""
    body = text_of(draft.channel, draft.body)
    if draft.channel == "sms":
        return replace(draft, body=body, subject="", cc=())
    subject = one_line(visible(draft.subject), "subject", LONGEST_SUBJECT)
    if not subject:
        raise Refused("Write a subject.", "subject")
    return replace(draft, body=body, subject=subject, cc=_copies(draft.cc))


def _copies(given: Sequence[str]) -> tuple[str, ...]:
    every = {address.lower(): address for address in reversed(given)}
    for address in every.values():
        if len(address) > 254 or not is_email(address):
            raise Refused(f"“{address[:60]}” is not an e-mail address.", "cc")
    if len(every) > MOST_COPIES:
        raise Refused(f"At most {MOST_COPIES} copies.", "cc")
    return tuple(reversed(every.values()))
