"""The HTML of an e-mail, made from its plain text: paragraphs, line ends, links that can be clicked."""

from __future__ import annotations

import re
from html import escape

_PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "</head><body style=\"margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Arial,sans-serif\">"
    '<div style="max-width:600px">{}</div></body></html>\n'
)
_LINK = re.compile(r"https?://[^\s<>\"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TAIL = ".,;:!?)]}»”"


def html(text: str) -> str:
    """Nothing of the text is taken as HTML."""
    paragraphs = re.split(r"\n[ \t]*\n\s*", text.replace("\r\n", "\n").strip())
    return _PAGE.format("\n".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs))


def _linked(text: str) -> str:
    parts, at = [], 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(_TAIL)
        parts.append(_lines(text[at : found.start()]))
        target = address if address.startswith("http") else f"mailto:{address}"
        parts.append(f'<a href="{escape(target)}">{escape(address)}</a>')
        at = found.start() + len(address)
    return "".join([*parts, _lines(text[at:])])


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
