"""Files that people attach: how large they may be, which are never taken, and what they are called."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wiseops.domain.errors import Refused

MIB = 1024 * 1024
EACH, TOGETHER, MOST = 10 * MIB, 20 * MIB, 10
_LONGEST_NAME = 120
_PROGRAM = re.compile(
    r"ap[pk]|bat|cmd|com|cpl|deb|dll|dmg|docm|dotm|exe|gadget|hta|img|inf|iso|jar|jse?|lnk|ms[cip]|msix|pif|ppam|pptm"
    r"|psm?1|reg|rpm|scr|sh|svg|url|vb[es]?|vhdx?|ws[fh]|xll|xlam|xlsm|xltm",
    re.IGNORECASE,
)
"""Extensions that a mail program, or the system behind it, may run."""

_MAGIC = (
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe", b"L\x00\x00\x00\x01\x14\x02\x00",
)  # fmt: skip
"""How programs of Windows, Linux, macOS and Java, scripts and shortcuts begin, whatever they are called."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its first bytes as `head`, all of them as `pieces`, which are read once.

    `sha256` is empty for what we write ourselves, which has other bytes each time.
    """

    name: str
    size: int
    head: bytes
    pieces: Iterable[bytes]
    sha256: str = ""

    @property
    def mark(self) -> str:
        """What it has in common with the same file sent again."""
        return self.sha256 or self.name

    @property
    def content_type(self) -> str:
        """By its name: what a browser says about a file is not believed."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


def named(given: str) -> str:
    """A file's name without folders, control characters and direction marks; its extension stays."""
    last = re.split(r"[\\/]", given)[-1]
    plain = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf")).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    return (stem[:_LONGEST_NAME] + dot + extension[:20]) if stem else plain[:_LONGEST_NAME] or "file"


def could_run(name: str, head: bytes) -> bool:
    """Whether it is a program, by its name or by how it begins."""
    return _PROGRAM.fullmatch(name.rpartition(".")[2]) is not None or head.startswith(_MAGIC)


def check(uploads: Sequence[Upload], field: str = "files") -> None:
    """Raises Refused, naming the file, for one that is too large, empty, or could run."""
    if len(uploads) > MOST:
        raise Refused(f"Attach at most {MOST} files.", field)
    for upload in uploads:
        if upload.size > EACH:
            size = upload.size / MIB
            raise Refused(f"“{upload.name}” has {size:.0f} MB; a file may have {EACH // MIB} MB.", field)
        if not upload.size:
            raise Refused(f"“{upload.name}” is empty.", field)
        if could_run(upload.name, upload.head):
            raise Refused(f"“{upload.name}” is a program or could run one; such files are never sent.", field)
    if sum(upload.size for upload in uploads) > TOGETHER:
        raise Refused(f"Together the files may have {TOGETHER // MIB} MB.", field)
