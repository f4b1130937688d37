"""What somebody wrote now, apart from what they answer: programs put the quoted mail below, above or between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_FAR = 6
"""Lines over which the heading of a quote may be spread, or a block of its fields begin to show."""

_WROTE = (
    r"wrote|writes|skrev|skriver|schrieb|geschrieben|a écrit|schreef|geschreven|ha scritto|escribió|escreveu"
    r"|kirjoitti|napisał\(?a?\)?|pisze|написал\(?а?\)?|пишет|написала"
)
_HEADING = re.compile(rf"(?<!\w)(?:{_WROTE})(?!\w)[^\n]*:\s*$|(?<!\w)(?:schrieb|schreef|skrev)\s[^\n]*:\s*$", re.I)
_OPENS = re.compile(
    r"\s*(?:on|den|am|le|el|op|il|em|w dniu|dnia|\d{1,4}[./-]\d|(?:mon|tue|wed|thu|fri|sat|sun|man|tir|ons|tor|fre|lør"
    r"|søn|mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag)\b)",
    re.IGNORECASE,
)
_DIGIT_OR_ADDRESS = re.compile(r"[\d@<]")
_SURELY = re.compile(r"@[\w-]+\.\w|\d{1,2}[:.]\d{2}(?!\d)|\bmailto:", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*-{2,}\s*(?:original (?:message|appointment)|forwarded (?:message|by)|reply message|original[- ]?mail"
    r"|(?:den )?oprindelige? (?:meddelelse|besked|mail)|oprindelig meddelelse|videresendt (?:meddelelse|besked)"
    r"|(?:den )?opprinnelige? (?:melding|e-?post)|videresendt (?:melding|e-?post)|ursprungligt meddelande"
    r"|ursprüngliche nachricht|weitergeleitete nachricht|message (?:d'origine|transféré)|oorspronkelijk bericht"
    r"|messaggio originale|mensaje original|mensagem original)[^-]{0,60}-{2,}\s*$|\s*begin forwarded message:\s*$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"forward|videresend|weitergeleitet|transféré", re.IGNORECASE)
_FIELD = re.compile(
    r"[\s>*_]{0,12}(?:(from|fra|från|von|de|van|da|desde|от|message du)"
    r"|(?:sent|sendt|skickat|gesendet|envoyé(?: le)?|verzonden|inviato|enviado(?: el)?|date|dato|datum|fecha|data"
    r"|to|til|till|an|à|a|aan|para|cc|kopi|kopie|copie à|subject|emne|ämne|betreff|objet|onderwerp|oggetto|asunto"
    r"|assunto|sujet|reply-to|importance))[*_]{0,2}\s?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:_{5,}|-{5,}|={3,}|\*{5,})\s*$")
_SIGNATURE = re.compile(
    r"\s*(?:--\s?|__+|—)\s*$"
    r"|(?:sent (?:from|with|via)|get outlook for|sendt fra|sendt med|hent outlook|skickat från"
    r"|von meinem .{2,30} gesendet|gesendet von|envoyé de(?:puis)?|verzonden vanaf)\b.{0,80}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`newest` what was written now, its signature too; `quoted` what it answers, or all of it where they are mixed."""

    newest: str
    quoted: str


def fold(text: str) -> Folded:
    """The two parts. A mail that only passes another one on is all new."""
    lines = text.replace("\xa0", " ").split("\n")
    end, is_forward = _cut(lines)
    above = lines[:end]
    marks = _quoted(above)
    written = _trimmed([line for line, is_quote in zip(above, marks, strict=True) if not is_quote])
    if is_forward and not written:
        return Folded(text.strip(), "")
    first = marks.index(True) if True in marks else len(above)
    is_mixed = any(line.strip() for line in _own_after(above, marks, first))
    return Folded(written, text.strip() if is_mixed else "\n".join(lines[first:]).strip())


def unsigned(newest: str) -> str:
    """Without the signature at its end."""
    lines = newest.split("\n")
    at = next((number for number, line in enumerate(lines) if number and _SIGNATURE.match(line)), len(lines))
    return "\n".join(lines[:at]).strip()


def _own_after(lines: Sequence[str], marks: Sequence[bool], first: int) -> list[str]:
    return [line for line, is_quote in zip(lines[first:], marks[first:], strict=True) if not is_quote]


def _trimmed(lines: Sequence[str]) -> str:
    text = "\n".join(line.rstrip() for line in lines).strip()
    return re.sub(r"\n{3,}", "\n\n", text)


def _cut(lines: Sequence[str]) -> tuple[int, bool]:
    """Where everything after is another mail, and whether that was only passed on."""
    for at, line in enumerate(lines):
        if _is_quote(line):
            continue
        if _SEPARATOR.match(line):
            return at, _FORWARDED.search(line) is not None
        if _starts_fields(lines, at):
            return _before_rule(lines, at), False
        length = _heading(lines, at)
        is_sure = _SURELY.search(" ".join(lines[at : at + length])) is not None
        if is_sure and not _answers_below(lines, at + length):
            return at, False
    return len(lines), False


def _before_rule(lines: Sequence[str], at: int) -> int:
    """A line drawn right above the fields belongs to them."""
    above = at
    while above and not lines[above - 1].strip():
        above -= 1
    return above - 1 if above and _RULE.match(lines[above - 1]) else at


def _starts_fields(lines: Sequence[str], at: int) -> bool:
    """From, and two other fields in the lines after it."""
    found = _FIELD.match(lines[at])
    if found is None or not found[1]:
        return False
    block = [line for line in lines[at : at + _FAR + 2] if line.strip()][:_FAR]
    return sum(_FIELD.match(line) is not None for line in block) >= 3


def _heading(lines: Sequence[str], at: int) -> int:
    """How many lines the heading of a quote takes that begins here: On … somebody wrote:"""
    if not _DIGIT_OR_ADDRESS.search(lines[at]):
        return 0
    joined = ""
    for length, line in enumerate(lines[at : at + 4], start=1):
        if not line.strip() or _is_quote(line) or (joined and _OPENS.match(line)):
            return 0
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > 400:
            return 0
        if _HEADING.search(joined):
            return length
    return 0


def _answers_below(lines: Sequence[str], after: int) -> bool:
    """Whether marked lines follow: then they are the quote, and what stands below them may be new."""
    below = next((line for line in lines[after : after + 4] if line.strip()), "")
    return _is_quote(below)


def _is_quote(line: str) -> bool:
    """Not >: alone, which a program broke off the address in a heading."""
    begun = line.lstrip(" \t")
    return begun[:1] == ">" and begun[:2] != ">:"


def _quoted(lines: Sequence[str]) -> list[bool]:
    """Which lines are quoted, or belong to a quote: its heading, what a program broke off its lines, a footer below."""
    marks = [_is_quote(line) for line in lines]
    at = 0
    while at < len(lines):
        length = 0 if marks[at] else _heading(lines, at)
        if length and _answers_below(lines, at + length):
            marks[at : at + length] = [True] * length
        at += length or 1
    for at in range(1, len(lines) - 1):
        if marks[at - 1] and not marks[at] and lines[at].strip() and _is_quote(lines[at + 1]):
            marks[at] = _is_quote(lines[at - 1]) and len(lines[at - 1]) > 50
    last = max((at for at, is_quote in enumerate(marks) if is_quote), default=len(lines))
    for at in range(last + 1, len(lines)):
        if _SIGNATURE.match(lines[at]) or _RULE.match(lines[at]):
            marks[at:] = [True] * (len(lines) - at)
            break
    return marks
