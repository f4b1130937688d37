"""HTML of an e-mail as plain text: nothing of it is run, loaded or kept, and a quoted block has > before its lines.

Our own, and one way through: a parser that builds a tree takes minutes for what a hostile mail may hold.
"""

from __future__ import annotations

import re
from html import unescape

_FAR = 1_000
"""Signs in which quotes must end."""

_DEEPEST = 5
_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:]{0,30})")
_UNSEEN = {
    name: re.compile(rf"</{name}\b[^>]{{0,200}}>?", re.IGNORECASE)
    for name in ("script", "style", "title", "template", "noscript", "svg", "object", "select", "textarea", "xml")
}
_LINES = re.compile(
    r"address|article|aside|blockquote|body|br|d[dlt]|div|fieldset|figure|footer|form|h[1-6r]|header|li|main|nav|[ou]l|p"
    r"|pre|section|table|tr"
)
_APART = re.compile(r"p|h[1-6]|[ou]l|table|pre")
_SPACES = re.compile(r"[ \t\r\n\f\xa0\u200b]+")
_NO_SIGN = re.compile(r"&#[0-9]{8,};?")
"""There is no such character, and Python refuses to read a number of thousands of digits."""

_HREF = re.compile(r"""\bhref\s*=\s*["']?\s*(https?://[^\s"'<>]{1,300})""", re.IGNORECASE)


def text(html: str) -> str:
    """What a reader would see."""
    reading = _Reading()
    at = 0
    while (start := html.find("<", at)) >= 0:
        reading.say(html[at:start])
        at = reading.markup(html, start)
    reading.say(html[at:])
    return reading.text()


class _Reading:
    """The lines so far, how deep in quotes the last one is, and the link that is open."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.words: list[str] = []
        self.depth = 0
        self.link = ""
        self.linked_from = 0

    def say(self, piece: str) -> None:
        """Text between tags."""
        if piece:
            self.words.append(_SPACES.sub(" ", unescape(_NO_SIGN.sub("\ufffd", piece))))

    def markup(self, html: str, start: int) -> int:
        """One tag, comment or a lone <. Answers where what follows it begins."""
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            return len(html) if end < 0 else end + 3
        named = _NAME.match(html, start)
        if named is None:
            return self._odd(html, start)
        end = _end(html, start)
        name, tag = named[1].lower(), html[start:end]
        if name in _UNSEEN and not tag.startswith("</"):
            closing = _UNSEEN[name].search(html, end)
            return closing.end() if closing else len(html)
        self._tag(name, tag)
        return end

    def _odd(self, html: str, start: int) -> int:
        if html[start + 1 : start + 2] in ("!", "?"):
            end = html.find(">", start)
            return len(html) if end < 0 else end + 1
        self.words.append("<")
        return start + 1

    def _tag(self, name: str, tag: str) -> None:
        closes = tag.startswith("</")
        if name == "a":
            self._anchor(tag, closes=closes)
        elif name in ("td", "th"):
            self.words.append(" ")
        elif _LINES.fullmatch(name):
            self._end_line()
            if _APART.fullmatch(name):
                self._blank()
        if name == "blockquote":
            self.depth = max(0, self.depth - 1) if closes else self.depth + 1
        elif name == "li" and not closes:
            self.words.append("- ")
        elif name == "hr":
            self.lines.append((self.depth, "_" * 32))

    def _anchor(self, tag: str, *, closes: bool) -> None:
        said = "".join(self.words[self.linked_from :])
        if self.link and self.link.rstrip("/") not in said and said.strip() not in self.link:
            self.words.append(f" <{self.link}>")
        found = None if closes else _HREF.search(tag)
        self.link, self.linked_from = unescape(_NO_SIGN.sub("", found[1])) if found else "", len(self.words)

    def _end_line(self) -> None:
        line = _SPACES.sub(" ", "".join(self.words)).strip()
        if line or (self.lines and self.lines[-1][1]):
            self.lines.append((self.depth, line))
        self.words, self.linked_from = [], 0

    def _blank(self) -> None:
        if self.lines and self.lines[-1][1]:
            self.lines.append((self.depth, ""))

    def text(self) -> str:
        self._end_line()
        return "\n".join("> " * min(depth, _DEEPEST) + line for depth, line in self.lines).strip()


def _end(html: str, start: int) -> int:
    """Behind the tag; a > between quotes does not end it, unless the quotes never end."""
    if whole := _TAG.match(html, start, start + _FAR):
        return whole.end()
    end = html.find(">", start)
    return len(html) if end < 0 else end + 1
