"""What a reply says where it is nothing but one of the words that everyone may send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from wiseops.domain import segments


class Keyword(StrEnum):
    """What they ask: to be left alone, to be written to again, for help."""

    STOP = "stop"
    START = "start"
    HELP = "help"


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
"""Characters in an SMS that has no room left."""

SOON = timedelta(minutes=1)
LONGEST_NOTE = 500
HOLD_DAYS = 5

_NO_LETTERS = re.compile(r"[\W_]+")


def keyword(text: str) -> Keyword | None:
    """STOP., »Stopp!« and opt-out are stop; a sentence with the word in it is none: a person reads that."""
    said = _NO_LETTERS.sub(" ", text).strip().casefold()
    return next((found for found, words in _WORDS.items() if said in words), None)


def goes_on(earlier: str, pause: timedelta) -> bool:
    """Whether what follows an SMS is its next part: it was full to the last letter, and the rest came at once.

    Providers join the parts of a long message; this is for networks that deliver them one by one.
    """
    size = segments.measure(earlier)
    return size.characters in _FULL[size.encoding] and timedelta(0) <= pause <= SOON
