"""Delimited text files: bytes in, numbered rows out."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
ENCODINGS = ("utf-8", "cp1252", "utf-16")
_STEP = 1024 * 1024
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SAVE_AS = "Open it there and save it as “CSV UTF-8”."
_OTHER_FORMATS = {
    b"PK\x03\x04": f"This is an Excel or ODS workbook under another name, no CSV file. {_SAVE_AS}",
    b"\xd0\xcf\x11\xe0": f"This is an old Excel workbook (.xls) under another name, no CSV file. {_SAVE_AS}",
    b"\x1f\x8b": "This file is compressed. Unpack it first.",
    b"%PDF": "This is a PDF, no CSV file.",
    b"<": "This is a web page or XML, no CSV file. If a spreadsheet opens it, save it from there as “CSV UTF-8”.",
}


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected. `field` is the column as the file names it."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Table:
    """A readable file. Rows are numbered as a spreadsheet shows them: the header is usually 1."""

    content: bytes
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows under the header, blank ones left out. Raises Unreadable where the quoting is broken."""
        records = _records(self.content, self.encoding, self.delimiter)
        next(records)
        return records


def too_large(limit: int) -> Unreadable:
    """The refusal of a file over the limit, given before any of it is read."""
    return Unreadable(f"The file is larger than {limit // 1024**2} MB. Split it, or ask for a higher IMPORT_MAX_MB.")


def read(content: bytes, *, encoding: str = "", delimiter: str = "") -> Table:
    """The table in `content`; encoding and delimiter are found out unless given.

    A byte-order mark goes before `encoding`, and so does a text that is plainly UTF-8 before cp1252, which reads all.
    """
    _refuse_other_formats(content)
    encoding = _found_encoding(content, encoding)
    delimiter = delimiter or _found_delimiter(content, encoding)
    try:
        _line, header = next(_records(content, encoding, delimiter))
    except StopIteration:
        raise Unreadable("The file is empty.") from None
    return Table(content, encoding, delimiter, tuple(" ".join(name.split()) for name in header))


def ragged(row: int, cells: Sequence[str], header: Sequence[str]) -> Problem | None:
    """What is wrong with a row that has more or fewer cells than the header."""
    if len(cells) == len(header) or (len(cells) > len(header) and not any(cells[len(header) :])):
        return None
    hint = "Is a separator part of a value that is not in quotes?" if len(cells) > len(header) else "Is it cut off?"
    return Problem(row, "", f"The row has {len(cells)} cells, the header has {len(header)}. {hint}")


def _refuse_other_formats(content: bytes) -> None:
    if not content.strip():
        raise Unreadable("The file is empty.")
    start = content[:_STEP].removeprefix(codecs.BOM_UTF8).lstrip()
    for magic, message in _OTHER_FORMATS.items():
        if start.startswith(magic):
            raise Unreadable(message)
    if b"\0" in content and not _bom(content).startswith("utf-16"):
        raise Unreadable("The file holds a NUL byte, so it is damaged or no text file. Export it again as CSV.")


def _bom(content: bytes) -> str:
    return next((name for bom, name in _BOMS.items() if content.startswith(bom)), "")


def _found_encoding(content: bytes, asked: str) -> str:
    found = _bom(content)
    candidates = ["utf-8", "cp1252"] if asked in ("", "cp1252") else [asked]
    if found:
        candidates = [found]
    for candidate in candidates:
        if _decodes(content, candidate):
            return candidate
    raise Unreadable(f"The file's characters are not {' or '.join(candidates)}. Save it as “CSV UTF-8”.")


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), _STEP):
            decoder.decode(content[start : start + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _found_delimiter(content: bytes, encoding: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _columns(content, encoding, delimiter))


def _columns(content: bytes, encoding: str, delimiter: str) -> int:
    try:
        return len(next(_records(content, encoding, delimiter))[1])
    except (StopIteration, Unreadable):
        return 0


def _records(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            if number == 0 and "".join(cells)[:4].lower() == "sep=":
                continue  # Excel's own hint; it does not show this line either
            number += 1
            if any(cell and not cell.isspace() for cell in cells):
                if any("\0" in cell for cell in cells):
                    raise Unreadable(f"Row {number} holds a NUL character. Export the file again.")
                yield number, cells
    except csv.Error as error:
        raise Unreadable(f"Row {number + 1} cannot be read: a quotation mark is not closed ({error}).") from None
