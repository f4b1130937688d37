"""Notices in free words: what tells them from a person's mail, whom they name, and where the returned mail begins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

LONGEST = 4000
"""Characters of what is told about one addressee."""

_DAEMON = re.compile(
    r"(?:^|[<\"\s(])(mailer-?daemon|postmaster|mdaemon|mail-?daemon|mail delivery (sub)?system)\b", re.I
)
_FAILED = re.compile(
    r"undeliver|not (be )?(yet )?(been )?delivered|was ?n.t delivered|delivery (\w+ ){0,5}failed|delivery status"
    r"|returned mail|returning message|permanent(ly)? (fatal )?error|failed permanently|delivery delayed"
    r"|ikke (blive )?lever|levering\w{0,10} mislyk|unzustellbar|zustellung fehlgeschlagen",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"not yet been delivered|delivery (is |has been )?delayed|delayed \d+ hours|will (continue to|keep) try"
    r"|(no action is required|do not need to resend)|warning: (message|could not send)",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"^[ \t>]*(?:-{2,}[ \t]*(?:this is a copy|original message|below this line|returned message|the header)[^\n]*"
    r"|original message headers:|reporting-mta:[^\n]*|return-path:[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(
    r"^[ \t]{0,8}<?([^\s<>\"'();:,@]{1,64}@[^\s<>\"'();:,@]{1,250}?)(?:>|<mailto:|[ \t:(]|$)", re.MULTILINE
)
_REPLY = re.compile(r"^.*?(?<!\d)[45]\d\d[ -].*$", re.MULTILINE)


def is_notice(of_mail: Mapping[str, str], notes: str) -> bool:
    """Whether a mail server wrote it to say that something did not arrive."""
    if of_mail.get("x-failed-recipients"):
        return True
    by_daemon = bool(_DAEMON.search(of_mail.get("from", "")))
    return by_daemon and bool(_FAILED.search(f"{of_mail.get('subject', '')}\n{notes}"))


def is_delay(of_mail: Mapping[str, str], notes: str) -> bool:
    """Whether they still try."""
    return bool(_DELAYED.search(f"{of_mail.get('subject', '')}\n{notes}"))


def split(notes: str) -> tuple[str, str]:
    """What was told, and what of the returned mail stands below it."""
    found = _BEGINS.search(notes)
    return (notes[: found.start()], notes[found.start() :]) if found else (notes, "")


def recipients(notes: str) -> list[str]:
    """The addresses that begin a line."""
    return _NAMED.findall(notes)


def about(notes: str, addresses: Sequence[str]) -> str:
    """The part of the words that is about these addresses: from their line to the next one's. All where none is."""
    places = [(found.start(), found[1].lower()) for found in _NAMED.finditer(notes)]
    if len({address for _at, address in places}) < 2:
        return notes[:LONGEST]
    ends = [at for at, _address in places[1:]] + [len(notes)]
    mine = [notes[at:end] for (at, address), end in zip(places, ends, strict=True) if address in addresses]
    return ("\n".join(mine) or notes)[:LONGEST]


def gist(note: str) -> str:
    """The line with the server's answer, else the first words."""
    found = _REPLY.search(note)
    return " ".join((found[0] if found else note).split())[:200]
