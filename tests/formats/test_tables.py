"""Files that can be read, and files that are refused with a reason."""

import codecs
import io
import zipfile

import pytest

from wiseops.formats import tables
from wiseops.formats.tables import Unreadable


def rows_of(content: bytes, **options: str) -> list[list[str]]:
    return [cells for _row, cells in tables.read(content, **options).rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str):
    content = "\n".join(delimiter.join(cells) for cells in [["number", "name"], ["1", "Ærø"]]).encode()
    assert tables.read(content).delimiter == delimiter
    assert rows_of(content) == [["1", "Ærø"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_found_out(encoding: str):
    content = "number;name\n1;Blåbærgrød\n".encode(encoding)
    assert tables.read(content).header == ("number", "name")
    assert rows_of(content) == [["1", "Blåbærgrød"]]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_file_that_should_be_windows_is_read_as_utf_8_where_it_plainly_is(encoding: str):
    assert rows_of("number;name\n1;Sørensen\n".encode(encoding), encoding="cp1252") == [["1", "Sørensen"]]


def test_a_file_that_should_be_utf_8_is_refused_where_it_is_not():
    with pytest.raises(Unreadable, match="not utf-8"):
        tables.read("number;name\n1;Sørensen\n".encode("cp1252"), encoding="utf-8")


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    content = b'number,name\r\n1,"two\r\nlines"\r\n , \r\n3,Acme\r\n'
    assert list(tables.read(content).rows()) == [(2, ["1", "two\r\nlines"]), (4, ["3", "Acme"])]


def test_the_hint_that_excel_writes_first_is_no_row():
    table = tables.read(b"sep=;\r\nnumber;name\r\n1;Acme\r\n")
    assert (table.delimiter, table.header, list(table.rows())) == (";", ("number", "name"), [(2, ["1", "Acme"])])


def a_workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"number,name\n1,Ac\0me\n", "NUL"),
        ("number,name\n1,Ac\0me\n".encode("utf-16"), "NUL"),
        (a_workbook(), "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old Excel"),
        (b"\x1f\x8b\x08" + b"\0" * 20, "compressed"),
        (b"%PDF-1.7", "PDF"),
        (codecs.BOM_UTF8 + b"<html><table>", "web page"),
        (b'number,name\n1,"Acme\n2,Bob\n', "quotation mark"),
        (b"number,name\n1,\x81\x8d\n", "utf-8 or cp1252"),
    ],
)
def test_what_is_no_csv_file_is_refused_with_a_reason(content: bytes, words: str):
    with pytest.raises(Unreadable, match=words):
        rows_of(content)


def test_a_row_must_have_as_many_cells_as_the_header():
    header = ("number", "name")
    assert tables.ragged(2, ["1", "Acme"], header) is None
    assert tables.ragged(2, ["1", "Acme", "", ""], header) is None
    assert "not in quotes" in tables.ragged(2, ["1", "Acme", "Ltd"], header).message
    assert "cut off" in tables.ragged(2, ["1"], header).message
