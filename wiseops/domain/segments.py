"""How many SMS segments a text takes, and how to keep it from taking more than it must."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_PLAIN = str.maketrans(
    {
        "\u00a0": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2212": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2026": "...",
        "\t": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Size:
    """`characters` as the network counts them: an extended GSM-7 character or an emoji counts twice."""

    encoding: str
    characters: int
    segments: int


def measure(text: str) -> Size:
    """GSM-7 takes 160 characters, or 153 a part; one character outside it makes the whole text UCS-2: 70, or 67."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        widths = [2 if character in _EXTENDED else 1 for character in text]
        return Size("GSM-7", sum(widths), _parts(widths, single=160, part=153))
    widths = [2 if ord(character) > 0xFFFF else 1 for character in text]
    return Size("UCS-2", sum(widths), _parts(widths, single=70, part=67))


def width(text: str, encoding: str) -> int:
    """Characters as the network counts them in a text of this encoding."""
    return measure(text).characters if encoding == "GSM-7" else sum(2 if ord(sign) > 0xFFFF else 1 for sign in text)


def plainer(text: str) -> str:
    """Typographic spaces, dashes and quotes as plain ones, so that a number or a name does not force UCS-2."""
    return text.translate(_PLAIN)


def _parts(widths: list[int], *, single: int, part: int) -> int:
    """A character that counts twice is never cut in two."""
    if sum(widths) <= single:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return parts
