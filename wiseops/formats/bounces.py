"""Notices about mail we sent: what came back (RFC 3464, and what older servers write), and complaints (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message

from wiseops.domain.bounces import Verdict, code, judge
from wiseops.formats import mail_parts, returned_texts

MOST = 50
"""Addressees of one notice; a message of ours has a handful."""

_LONGEST_ANSWER = 1_000
_ADDRESS = re.compile(r"[^\s<>\"'();:,@\[\]]{1,64}@[^\s<>\"'();:,@\[\]]{1,250}")
_ID = re.compile(
    r"^[> \t]*(?:(?:X-Original-|Original-)?Message-ID|X-PM-Metadata-ref):\s{0,9}<?([^<>\s]{1,200})>?",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWERED = re.compile(r"<([^<>\s]{1,200})>")
_FIELD = re.compile(r"^([A-Za-z][\w-]*):[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_COMPLAINTS: Mapping[str, Verdict] = {
    "opt-out": Verdict.OPTED_OUT,
    "opt-out-list": Verdict.OPTED_OUT,
    "not-spam": Verdict.ARRIVED,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of one addressee: `addresses` as we wrote it first, then where it was forwarded to."""

    addresses: tuple[str, ...]
    verdict: Verdict
    status: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """`references` are Message-IDs without their brackets, or our own reference, of the mail that it is about."""

    findings: tuple[Finding, ...]
    references: tuple[str, ...]


@dataclass(slots=True)
class _Parts:
    """What a notice consists of: words for people, blocks of fields, and what it returns of our mail."""

    is_report: bool = False
    notes: str = ""
    blocks: list[dict[str, str]] | None = None
    feedback: dict[str, str] | None = None
    returned: str = ""


def read(mail: Message) -> Notice | None:
    """None where it is no notice but a mail that somebody, or an auto-responder, wrote. Never raises."""
    of_mail = mail_parts.headers(mail)
    parts = _parts(mail)
    if not parts.is_report and not returned_texts.is_notice(of_mail, parts.notes):
        return None
    if parts.feedback is not None:
        findings = [_complaint(parts)]
    else:
        findings = [_finding(block, parts.notes) for block in (parts.blocks or ())[:MOST]]
        if not findings:
            findings = _of_text(of_mail, parts)
    return Notice(tuple(findings), _references(of_mail, parts))


def _parts(mail: Message) -> _Parts:
    found, pages = _Parts(), ""
    for part in mail_parts.walk(mail):
        kind = mail_parts.kind(part)
        found.is_report = found.is_report or _is_report(part)
        if kind == "message/delivery-status":
            blocks = [mail_parts.headers(block) for block in mail_parts.inside(part)]
            blocks = blocks or _blocks(mail_parts.text(part))
            found.blocks = (found.blocks or []) + [block for block in blocks if _recipients(block)]
        elif kind == "message/feedback-report":
            inner = mail_parts.inside(part)
            found.feedback = mail_parts.headers(inner[0]) if inner else _fields(mail_parts.text(part))
        elif kind.startswith("message/"):
            inner = mail_parts.inside(part)
            lines = (f"{name}: {value}" for each in inner for name, value in mail_parts.headers(each).items())
            found.returned += "\n".join(lines) or mail_parts.text(part)
        elif kind == "text/rfc822-headers":
            found.returned += mail_parts.text(part)
        elif kind == "text/html":
            pages += mail_parts.text(part)
        elif kind.startswith(("text/", "multipart/")):
            found.notes += mail_parts.text(part) + "\n"
    found.notes = (found.notes if found.notes.strip() else pages)[: mail_parts.LONGEST]
    found.returned = found.returned[: mail_parts.LONGEST]
    if found.blocks is None and "Final-Recipient:" in found.notes:
        found.blocks = [block for block in _blocks(found.notes) if _recipients(block)] or None
    if not found.returned:
        found.notes, found.returned = returned_texts.split(found.notes)
    return found


def _is_report(part: Message) -> bool:
    """A receipt that somebody has read our mail is a report as well, but nothing came back."""
    given = mail_parts.headers(part).get("content-type", "").lower()
    return given.startswith("multipart/report") and "disposition-notification" not in given


def _blocks(text: str) -> list[dict[str, str]]:
    return [_fields(block) for block in re.split(r"\n[ \t]*\n", text)]


def _fields(text: str) -> dict[str, str]:
    return {name.lower(): " ".join(value.split()) for name, value in reversed(_FIELD.findall(text))}


def _recipients(block: Mapping[str, str]) -> tuple[str, ...]:
    given = (block.get(name, "").partition(";")[2] for name in ("original-recipient", "final-recipient"))
    return _addresses(given)


def _addresses(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found[0].lower().rstrip(".") for each in given if (found := _ADDRESS.search(each))))


def _finding(block: Mapping[str, str], notes: str) -> Finding:
    kind, semicolon, said = block.get("diagnostic-code", "").partition(";")
    if not semicolon:
        kind, said = "smtp", kind
    status, recipients = block.get("status", ""), _recipients(block)
    note = returned_texts.about(notes, recipients)
    by_server = kind.strip().lower() not in ("x-unix", "x-local")
    action = block.get("action", "failed").strip().lower()
    said = said.strip()[:_LONGEST_ANSWER]
    verdict = judge(action, said, status=status, by_server=by_server, note=note)
    return Finding(recipients, verdict, code(f"{said} {status}"), said or status)


def _of_text(of_mail: Mapping[str, str], parts: _Parts) -> list[Finding]:
    listed = _addresses(of_mail.get("x-failed-recipients", "").split(","))
    shown = listed or _addresses(returned_texts.recipients(parts.notes))
    if not shown:
        ours = set(_addresses([of_mail.get("to", ""), of_mail.get("from", "")]))
        anywhere = _addresses(_ADDRESS.findall(parts.notes))
        shown = tuple(each for each in anywhere if each not in ours)[:1] or _addressee(parts.returned)
    action = "delayed" if returned_texts.is_delay(of_mail, parts.notes) else "failed"
    findings = []
    for address in shown[:MOST]:
        note = returned_texts.about(parts.notes, (address,))
        findings.append(Finding((address,), judge(action, "", note=note), code(note), returned_texts.gist(note)))
    return findings


def _addressee(returned: str) -> tuple[str, ...]:
    """To whom the returned mail was written."""
    fields = _fields(returned)
    return _addresses(fields.get(name, "") for name in ("delivered-to", "x-apparently-to", "to"))[:1]


def _complaint(parts: _Parts) -> Finding:
    fields = parts.feedback or {}
    named = _addresses([fields.get("original-rcpt-to", ""), fields.get("removal-recipient", "")])
    verdict = _COMPLAINTS.get(fields.get("feedback-type", "").lower(), Verdict.COMPLAINT)
    return Finding(named or _addressee(parts.returned), verdict, words=fields.get("feedback-type", ""))


def _references(of_mail: Mapping[str, str], parts: _Parts) -> tuple[str, ...]:
    texts = (parts.returned, parts.notes)
    found = [each for text in texts for each in _ID.findall(text)]
    answered = [each for name in ("in-reply-to", "references") for each in _ANSWERED.findall(of_mail.get(name, ""))]
    return tuple(dict.fromkeys([*found, *answered]))[:20]
