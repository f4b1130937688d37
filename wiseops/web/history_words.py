"""What somebody looks for in a history, together with the codes that it shows in those words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from wiseops.queries.words import Word
from wiseops.web import happenings, labels, message_words
from wiseops.web.texts import gettext as _
from wiseops.web.texts import lazy as _l

_MOST = 10
_FILLED = re.compile(r"%\(\w+\)s")
_SHOWN = {
    "event": (happenings.SENTENCES, message_words.HAPPENED),
    "fact": (labels.STAGES, labels.GROUNDS, labels.CHANNELS),
    "activity": (labels.ACTIVITIES, {"call": _l("Call to %(who)s")}, {"call": _l("Call from %(who)s")}),
    "channel": (labels.CHANNELS,),
    "status": (message_words.STATUSES,),
    "reason": (message_words.REASONS,),
}
"""The words of each sort of code, by the code."""


def read(typed: str) -> tuple[Word, ...]:
    """The words that were typed, each of which a line must have. Numbers first: few lines have them."""
    words = sorted(dict.fromkeys(typed[:200].split()[:_MOST]), key=str.isalpha)
    shown = [(sort, code, _FILLED.sub(" ", str(text)).casefold()) for sort, code, text in _shown()] if words else []
    return tuple(Word(word, _codes(word.casefold(), shown)) for word in words)


def _codes(word: str, shown: list[tuple[str, str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for sort, code, text in shown:
        if word in text:
            found[sort].add(code)
    return found


def _shown() -> Iterator[tuple[str, str, Any]]:
    """Sort and code, with what a line says for it."""
    for sort, tables in _SHOWN.items():
        for words in tables:
            yield from ((sort, code, text) for code, text in words.items())
    yield from (("event", kind, text) for kind, text in happenings.of_entries())
    yield from (("task", code, _("%(task)s done", task=text)) for code, text in labels.TASKS.items())
    for channel in ("sms", "email"):
        yield from (("channel", channel, text) for text in (_("%(what)s to %(who)s"), _("%(what)s from %(who)s")))
