"""Bytes of an e-mail to text, by the character set that it claims or that fits."""

from __future__ import annotations

import codecs

_WIDER = {
    "ascii": "",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
"""What senders say, and the larger set that they mean; ASCII with other bytes in it may be anything."""

_KNOWN = (
    "utf-8 utf-7 utf-16 utf-16-le utf-16-be utf-32 big5 big5hkscs cp437 cp850 cp852 cp865 cp866 cp874 cp932 cp949 cp950"
    " cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 euc_jp gb18030 iso2022_jp_ext iso2022_jp_1"
    " iso2022_jp_2 iso2022_jp_3 iso2022_jp_2004 iso2022_kr iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7"
    " iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman johab"
)
"""Names between spaces. Python knows others that are no character sets, and some that take ages."""


def decode(content: bytes, claimed: str) -> str:
    """The text; what does not fit becomes �. Without NUL and lone surrogates, which no database keeps."""
    return clean(content.decode(_codec(content, claimed), "replace"))


def clean(text: str) -> str:
    """The text as any database keeps it."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _codec(content: bytes, claimed: str) -> str:
    try:
        name = codecs.lookup(claimed.strip().strip("'\"")[:40]).name
    except (LookupError, ValueError):
        name = ""
    name = _WIDER.get(name, name)
    if name in _KNOWN.split():
        return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content)  # A character cut off at the end is no mistake.
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
