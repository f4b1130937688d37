"""What a person writes to a customer, before it is a message: checked, and without anything that cannot be seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wiseops.domain import segments
from wiseops.domain.contacts import is_email
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.asking import Blocked, Deferred
from wiseops.domain.templates import Rendered
from wiseops.domain.texts import one_line, several_lines

LONGEST: dict[str, int] = {"sms": 3200, "email": 20_000}
LONGEST_SUBJECT, MOST_COPIES = 200, 10
_MARKS = dict.fromkeys((0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_ANSWERS = re.compile(r"\s*(?:re|sv|svar|aw|antw|vs)\s*:", re.IGNORECASE)
_FIGURE = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?|[\w.,:/-]*\d[\w.,:/-]*")
_NAMED = 4
_APART = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Filled:
    """The figures that a version of a template brought when it was filled in."""

    version_id: int
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed: `to` a contact's id, `cc` addresses, `in_reply_to` the Message-ID that an e-mail answers.

    `seen` is the last reply that was there when the form was opened; None: all that is there now. `shown` is the
    address that the form showed; None: whatever the contact has. `filled` is what a template put into the text.
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
    filled: Filled | None = None


class Withheld(Refused):
    """A guardrail says no: `answer` says why, and where it only waits, until when."""

    def __init__(self, answer: Blocked | Deferred) -> None:
        super().__init__("This may not be sent now.")
        self.answer = answer


class Overtaken(Refused):
    """The text still says what was true when its template was filled in: `figures` are those of now."""

    def __init__(self, gone: Sequence[str], figures: Sequence[str], instead: Sequence[str]) -> None:
        became = f"instead of {_listed(gone)} it would say {_listed(instead)} now"
        words = became if instead else f"it would not say {_listed(gone)} any more"
        super().__init__(f"The account changed meanwhile: {words}. Change the text, or send it again as it is.", "body")
        self.figures = list(figures)


def figures(text: Rendered) -> list[str]:
    """The amounts, numbers and dates of what a template says."""
    return _figures(f"{text.subject}\n{text.body}")


def refuse_overtaken(draft: Draft, filled: Filled, figures: Sequence[str]) -> None:
    """Raises Overtaken where the draft has more of a filled-in figure than the template would bring now."""
    said, was, is_now = Counter(_figures(f"{draft.subject}\n{draft.body}")), Counter(filled.figures), Counter(figures)
    if gone := [figure for figure in was if min(said[figure], was[figure]) > is_now[figure]]:
        raise Overtaken(gone, figures, [figure for figure in is_now if is_now[figure] > was[figure]])


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


def _figures(text: str) -> list[str]:
    return [found.strip(".,:/-") for found in _FIGURE.findall(segments.plainer(text))]


def _listed(figures: Sequence[str]) -> str:
    return ", ".join(figures[:_NAMED]) + (" …" if len(figures) > _NAMED else "")


def _copies(given: Sequence[str]) -> tuple[str, ...]:
    every = {address.lower(): address for address in reversed(given)}
    for address in every.values():
        if len(address) > 254 or not is_email(address):
            raise Refused(f"“{address[:60]}” is not an e-mail address.", "cc")
    if len(every) > MOST_COPIES:
        raise Refused(f"At most {MOST_COPIES} copies.", "cc")
    return tuple(reversed(every.values()))
