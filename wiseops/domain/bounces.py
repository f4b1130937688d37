"""Why a mail came back, and whether that says anything about its address."""

from __future__ import annotations

import re
from enum import StrEnum

SOFT_LIMIT = 3
"""So many messages to one address that came back one after the other mean that it is no good: a mailbox may be full
over a holiday, but nobody reads one that three reminders, ten days apart, could not enter.
"""

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.\d)")
_NOBODY = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1), (4, 4)}
_VAGUE = {(1, 0)}
_FULL = re.compile(
    r"(mailbox|inbox|folder)\W+(is\W+)?(too\W+)?full|(over|exceed\w{0,6}|out of)\W+(\w+\W+)?(quota|storage|space)"
    r"|quota\W+(is\W+)?exceeded|(not enough|insufficient|no)\W+(\w+\W+)?(disk |system )?(space|storage)",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"\b(spam\w*|block(ed|list\w*)|blacklist\w*|polic(y|ies)|spf|dkim|dmarc|access denied|reputation|virus|banned"
    r"|not (allowed|permitted|authori[sz]ed) to send|header error)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"(unknown|no such|invalid|non-?existent)\W+(\w+\W+)?(user|recipient|address|mailbox|account|person|host|domain)"
    r"|(user|recipient|address|mailbox|account|host|domain)\b[^.\n]{0,60}?"
    r"\b(unknown|not found|not exist|does ?n.t exist|was ?n.t found|could ?n.t be found|no longer (exists|active))"
    r"|recip\w{0,20}notfound|address not found",
    re.IGNORECASE,
)
_NOT_THE_ADDRESS = re.compile(r"(in reply to|after)\W+(the\W+)?((end of )?data|mail from)", re.IGNORECASE)


class Verdict(StrEnum):
    """What one addressee's part of a notice says.

    HARD: nobody is there, for good. SOFT: it came back, perhaps not next time. BLOCKED: refused for what we are or
    wrote. DELAYED: they still try. ARRIVED: it is there. COMPLAINT and OPTED_OUT: a person asked for no more.
    """

    HARD = "hard"
    SOFT = "soft"
    BLOCKED = "blocked"
    DELAYED = "delayed"
    ARRIVED = "arrived"
    COMPLAINT = "complaint"
    OPTED_OUT = "opted_out"


def judge(action: str, said: str, *, status: str = "", by_server: bool = True, note: str = "") -> Verdict:
    """`said` is what the refusing server answered, `note` what the notice tells people about it.

    Not `by_server`: a program behind the mailbox failed, whose words mean little. A precise code outweighs words;
    where both are vague the address keeps the benefit of the doubt.
    """
    if action in ("delivered", "relayed", "expanded"):
        return Verdict.ARRIVED
    if action == "delayed":
        return Verdict.DELAYED
    told = said or note
    codes = [(int(a), int(b), int(c)) for a, b, c in _CODE.findall(f"{told} {status}")]
    if any(code[1:] == (2, 2) for code in codes) or _FULL.search(f"{said} {note}"):
        return Verdict.SOFT
    if any(subject == 7 for _class, subject, _detail in codes) or _BLOCKED.search(told):
        return Verdict.BLOCKED
    if not by_server:
        return Verdict.SOFT
    is_unknown = bool(_UNKNOWN.search(told))
    for kind, *why in codes:
        if why[0] not in (0, 5) and tuple(why) not in _VAGUE:
            is_nobody = tuple(why) in _NOBODY and (kind == 5 or is_unknown)
            return Verdict.HARD if is_nobody else Verdict.SOFT
    return Verdict.HARD if is_unknown and not _NOT_THE_ADDRESS.search(f"{said} {note}") else Verdict.SOFT


def code(text: str) -> str:
    """The first status code in a text that says something, else the first; empty where there is none."""
    found = [".".join(parts) for parts in _CODE.findall(text)]
    return next((each for each in found if not each.endswith(".0.0")), found[0] if found else "")
