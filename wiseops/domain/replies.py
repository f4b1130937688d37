"""Replies: what one says that is nothing but one of the words that everyone may send, and which SMS are one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from wiseops.domain import segments


class Keyword(StrEnum):
    """What they ask: to be left alone, to be written to again, for help."""

    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Part:
    """What was delivered as one SMS, and when it came."""

    at: datetime
    text: str


_WORDS: Mapping[Keyword, tuple[str, ...]] = {
    Keyword.STOP: (
        "stop", "stop all", "stopall", "stop sms", "end", "quit", "cancel", "unsubscribe", "revoke", "opt out",
        "optout", "stop alle", "afmeld", "afmeld mig", "frameld", "frameld mig", "slut",
        "stopp", "stopp alle", "stopp sms", "avmeld", "avmeld meg", "avslutt", "slutt",
    ),
    Keyword.START: (
        "start", "unstop", "opt in", "optin", "subscribe", "tilmeld", "tilmeld mig", "påmeld", "påmeld meg",
    ),
    Keyword.HELP: ("help", "info", "hjælp", "hjaelp", "hjelp"),
}  # fmt: skip
"""English, Danish, Norwegian."""

_FULL = {"GSM-7": (153, 160), "UCS-2": (67, 70)}
"""Characters in an SMS that has no room left: one of several, and one alone."""

SOON = timedelta(minutes=1)
AT_ONCE = timedelta(seconds=5)
"""Within which parts may come in another order than they were written."""
LONGEST = timedelta(minutes=5)
"""How long the parts of an SMS may take all together."""

LONGEST_NOTE = 500
HOLD_DAYS = 5

_NO_LETTERS = re.compile(r"[\W_]+")


def keyword(text: str) -> Keyword | None:
    """STOP., »Stopp!« and opt-out are stop; a sentence with the word in it is none: a person reads that."""
    said = _NO_LETTERS.sub(" ", text).strip().casefold()
    return next((found for found, words in _WORDS.items() if said in words), None)


def joined(parts: Sequence[Part]) -> list[Part] | None:
    """The parts of one SMS in their order; None where they are not of one.

    Each but the last is full to the last letter, and what follows comes soon. Where the last came before another, it
    was at once, and that must be as long as only a part is. Providers join parts; this is for networks that deliver
    them one by one.
    """
    ordered = sorted(parts, key=lambda part: part.at)
    if any(later.at - earlier.at > SOON for earlier, later in pairwise(ordered)):
        return None
    encoding = segments.measure("".join(part.text for part in ordered)).encoding
    for last in reversed(ordered):
        turned = [*(part for part in ordered if part is not last), last]
        in_time = ordered[-1].at - last.at <= AT_ONCE
        full = _FULL[encoding] if last is ordered[-1] else _FULL[encoding][:1]
        if in_time and all(segments.width(part.text, encoding) in full for part in turned[:-1]):
            return turned
    return None
