"""An e-mail as Postmark's inbound webhook hands it on: the raw mail where it is included, else made of what is told."""

from __future__ import annotations

import hashlib
from base64 import encodebytes
from binascii import Error as BadBase64
from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from typing import Any

from wiseops.domain.errors import Refused
from wiseops.formats import payloads

_LONGEST = 8_000
_MADE = ("from", "to", "subject", "date", "mime-version", "content-type", "content-transfer-encoding")


def event_id(body: bytes) -> str:
    """Postmark's own id of the mail. Raises Refused for anything else."""
    given = payloads.mapping(payloads.read(body))
    found = payloads.text(given.get("MessageID"), 100)
    if not found or payloads.text(given.get("RecordType")) or not given.keys() & {"From", "FromFull", "RawEmail"}:
        raise Refused("This is not an inbound e-mail of Postmark's.")
    return found


def raw(body: bytes) -> bytes:
    """The mail, to be read as any other."""
    given = payloads.mapping(payloads.read(body))
    whole = given.get("RawEmail")
    if isinstance(whole, str) and whole.strip():
        return whole.encode("utf-8", "replace")
    border = hashlib.sha256(body).hexdigest()
    lines = [*_header(given), f"Content-Type: multipart/mixed; boundary={border}", "", f"--{border}"]
    lines += [f"Content-Type: multipart/alternative; boundary={border}0", ""]
    for kind, name in (("plain", "TextBody"), ("html", "HtmlBody")):
        text = given.get(name)
        if isinstance(text, str):
            content = encodebytes(text.encode("utf-8", "replace")).decode()
            typed = f"Content-Type: text/{kind}; charset=utf-8"
            lines += [f"--{border}0", typed, "Content-Transfer-Encoding: base64", "", content]
    lines.append(f"--{border}0--")
    attachments = given.get("Attachments")
    for each in attachments if isinstance(attachments, list) else ():
        lines += [f"--{border}", *_file(payloads.mapping(each))]
    return "\r\n".join([*lines, f"--{border}--", ""]).encode("utf-8", "replace")


def _header(given: Mapping[str, Any]) -> Iterator[str]:
    sender = payloads.mapping(given.get("FromFull"))
    name, address = _line(sender.get("Name")), _line(sender.get("Email"))
    quoted = name.replace("\\", "").replace('"', "")
    yield f'From: "{quoted}" <{address}>' if address else f"From: {_line(given.get('From'))}"
    for field in ("To", "Subject", "Date"):
        yield f"{field}: {_line(given.get(field))}"
    others = given.get("Headers")
    for each in others if isinstance(others, list) else ():
        field = _line(payloads.mapping(each).get("Name"))
        if field and ":" not in field and field.lower() not in _MADE:
            yield f"{field}: {_line(payloads.mapping(each).get('Value'))}"


def _file(given: Mapping[str, Any]) -> Iterator[str]:
    """Documented as Content; some send Data."""
    name = _line(given.get("Name")).replace("\\", "").replace('"', "")
    content = given.get("Content") or given.get("Data")
    yield f"Content-Type: {_line(given.get('ContentType')) or 'application/octet-stream'}"
    yield f'Content-Disposition: attachment; filename="{name}"'
    yield "Content-Transfer-Encoding: base64"
    yield ""
    yield encodebytes(_bytes(content)).decode()


def _bytes(content: object) -> bytes:
    try:
        return a2b_base64(content.encode("ascii", "replace")) if isinstance(content, str) else b""
    except BadBase64:
        return b""


def _line(value: Any) -> str:
    return " ".join(payloads.text(value, _LONGEST).split())
