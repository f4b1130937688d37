"""What a reply says where it is nothing but one of the words that everyone may send."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


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

_NO_LETTERS = re.compile(r"[\W_]+")


def keyword(text: str) -> Keyword | None:
    """STOP., »Stopp!« and opt-out are stop; a sentence with the word in it is none: a person reads that."""
    said = _NO_LETTERS.sub(" ", text).strip().casefold()
    return next((found for found, words in _WORDS.items() if said in words), None)
