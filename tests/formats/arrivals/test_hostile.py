"""Mails that were made to break their reader: each is read, and none grows."""

from __future__ import annotations

import email

import pytest

from tests.arrivals import written
from tests.formats.test_bounces import FROM, POSTFIX
from wiseops.formats import bounces
from wiseops.formats.arrivals import mail


def attached(disposition: str, body: str = "x", **fields: str) -> bytes:
    return written(body, Content_Disposition=disposition, **fields)


@pytest.mark.parametrize(
    "raw",
    [
        written("&#" + "9" * 5_000 + ";<a href='http://x/&#" + "9" * 5_000 + ";'>", Content_Type="text/html"),
        written(sender="(" * 1_500),
        written(sender="a:" * 999),
        attached("attachment; filename*=undefined''abc"),
        attached("attachment; filename*=idna''abc"),
        attached("attachment; filename*=a; filename*0=b"),
        written("--abc\r\n\r\nHi\r\n--abc--", Content_Type="multipart/mixed; boundary*=undefined''abc"),
        b"Content-Type: message/x\n\n" * 1_200,
        written(Content_Type="text/plain;" + " " * 7_900 + "x"),
        written("-" * 100_000, Content_Type="multipart/mixed; boundary=-"),
    ],
    ids=["digits", "comments", "groups", "charset", "idna", "twice", "border", "nested", "spaces", "dashes"],
)
def test_it_is_read(raw: bytes):
    assert mail.read(raw).identity

    parsed = mail.parsed(raw)
    assert parsed is None or bounces.read(parsed) is None


def test_a_servers_answer_without_end_is_read_in_part():
    said = "exceed" * 8_000
    notice = bounces.read(email.message_from_string(FROM + POSTFIX.format(action="failed", status="5.2.2", said=said)))

    assert notice
    assert all(len(finding.words) <= 1_000 for finding in notice.findings)


def test_a_file_is_never_larger_than_it_came():
    lines = "begin 644 x\n" + "\n" * 10_000 + "_\n" * 10_000

    found = mail.read(attached("attachment; filename=x.bin", lines, Content_Transfer_Encoding="x-uuencode"))

    assert sum(len(file.content) for file in found.files) <= len(lines)


def test_all_its_pages_together_are_read_to_a_limit():
    page = "--b\r\nContent-Type: text/html\r\n\r\n" + "<p>" + "word " * 40_000 + "\r\n"

    found = mail.read(written(page * 20 + "--b--\r\n", Content_Type='multipart/mixed; boundary="b"'))

    assert len(found.newest) + len(found.quoted) <= mail.LONGEST_TEXT + 10


def test_an_id_that_no_header_could_hold_is_none():
    assert mail.read(written(Message_ID="<a\x01b@c>")).message_id == ""
    assert mail.read(written(Message_ID="<a\x7fb@c>")).message_id == ""
    assert mail.read(written(Message_ID="<ab@c>")).message_id == "ab@c"
