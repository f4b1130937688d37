"""Reading an e-mail: charsets, forms, files, and mails that mean harm."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from tests.arrivals import every, written
from tests.events import samples
from wiseops.domain.errors import Refused
from wiseops.formats.arrivals import mail, postmark
from wiseops.formats.arrivals.automatic import Kind

MIB = 1024 * 1024


def mixed(*parts: str, kind: str = "mixed") -> bytes:
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return written(body + "--b--\r\n", Content_Type=f'multipart/{kind}; boundary="b"')


def test_every_sample_is_read_whole_and_cut_off_at_ten_places():
    for raw in every().values():
        for tenth in range(1, 11):
            found = mail.read(raw[: len(raw) * tenth // 10])
            assert found.identity
            assert len(found.newest) <= len(raw)


def test_a_plain_mail():
    found = mail.read(
        written("Jeg betaler på fredag", Message_ID="<a@b>", References="<1@us> <2@us>", In_Reply_To="<2@us>")
    )

    assert (found.sender, found.sender_name, found.to) == ("mette@example.com", "Mette Lund", "reminders@example.com")
    assert (found.subject, found.message_id, list(found.answers)) == ("Re: Reminder", "a@b", ["2@us", "1@us"])
    assert (found.newest, found.quoted, found.kind) == ("Jeg betaler på fredag", "", Kind.REPLY)


@pytest.mark.parametrize(
    ("charset", "text"),
    [("iso-2022-jp", "請求書を受け取りました"), ("iso-8859-1", "Jeg får løn på fredag"),
     ("windows-1252", "I’ll pay €5"),
     ("utf-16", "Betaler i morgen"), ("gb2312", "我会付款"), ("koi8-r", "Заплачу завтра"), ("no-such-set", "Bådén")],
)  # fmt: skip
def test_any_charset_is_read_in_the_text_and_in_the_header(charset: str, text: str):
    known = charset if charset != "no-such-set" else "utf-8"
    word = f"=?{charset}?B?{b64encode(text.encode(known)).decode()}?="
    header = written("", Subject=word, Content_Type=f"text/plain; charset={charset}")

    found = mail.read(header + text.encode(known))

    assert (found.newest, found.subject) == (text, text)


def test_html_alone_becomes_text_and_nothing_of_it_is_kept_that_runs_or_loads():
    html = (
        "<html><head><title>T</title><style>p{background:url(https://evil.example/s)}</style></head><body onload=go()>"
        "<script>alert(1)</script><p>Jeg betaler &aring;r<br>og dag<img src=https://evil.example/p.gif alt=x></p>"
        '<form action=https://evil.example><input value=1></form><a href="javascript:alert(1)">her</a>'
        '<iframe src=https://evil.example></iframe><p title="a > b">5 &lt; 6</p><!-- <b>no</b> -->'
        "<svg onload=x()><a>y</a></svg><blockquote>Kære Mette</blockquote>"
    )

    found = mail.read(mixed("Content-Type: text/html; charset=utf-8\r\n\r\n" + html))

    assert found.newest == "Jeg betaler år\nog dag\n\nher\n\n5 < 6"
    assert found.quoted == "> Kære Mette"


def test_of_two_forms_the_plain_one_is_shown_unless_it_is_empty():
    page = "Content-Type: text/html\r\n\r\n<b>Page</b>"

    assert mail.read(mixed("Content-Type: text/plain\r\n\r\nPlain", page, kind="alternative")).newest == "Plain"
    assert mail.read(mixed("Content-Type: text/plain\r\n\r\n \r\n", page, kind="alternative")).newest == "Page"
    assert mail.read(mixed("\r\nOne", "Content-Type: text/plain\r\n\r\nTwo")).newest == "One\n\nTwo"


def test_files_are_known_by_what_they_are_and_programs_stay_in_the_raw_mail():
    def file(name: str, content: bytes, kind: str = "application/pdf") -> str:
        encoded = "Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(content).decode()
        return f"Content-Type: {kind}\r\nContent-Disposition: attachment; filename*=utf-8''{name}\r\n{encoded}"

    found = mail.read(
        mixed(
            "\r\nSe bilag",
            file("kvittering%20p%C3%A5.pdf", b"%PDF-1.7 x"),
            file("..%2Fa%2Fphoto.pdf", b"\x89PNG\r\n\x1a\n1"),
            file("page.txt", b"<script>", "text/html"),
            file("page.html", b"<script>", "text/html"),
            file("invoice.pdf.exe", b"x"),
            file("invoice.pdf", b"MZ\x90"),
        )
    )

    assert [each[:2] for each in found.files] == [
        ("kvittering på.pdf", "application/pdf"),
        ("photo.pdf", "image/png"),
        ("page.txt", "text/plain"),
        ("page.html", "application/octet-stream"),
    ]
    assert list(found.left_out) == ["invoice.pdf.exe", "invoice.pdf"]
    assert found.newest == "Se bilag"


def test_a_forged_message_id_hides_nothing_and_a_second_delivery_is_the_same_mail():
    one = written("I paid", Message_ID="<1@us>")

    assert mail.identity(one) == mail.read(b"Received: from x\r\nDelivered-To: y\r\n" + one).identity
    assert mail.identity(written("Never", Message_ID="<1@us>")) != mail.identity(one)
    assert mail.read(written("No id")).message_id == ""
    assert mail.identity(written("No id")) != mail.identity(written("No id", Cc="x@example.com"))


def nested(levels: int) -> bytes:
    heads = (f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n".encode() for n in range(levels))
    return b"".join(heads) + b"Content-Type: text/plain\n\nhello\n"


@pytest.mark.parametrize(
    "raw",
    [
        nested(50_000),
        b"Content-Type: message/rfc822\n\n" * 100_000,
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 500_000,
        b"From: " + b"a@b.dk, <" * 500_000,
        b"X: y\n" * 800_000,
        b"Content-Type: text/html\n\n" + b"<div><b><a href='http://x" * 60_000,
        b"Content-Type: text/html\n\n" + b"<!--" * 250_000,
        b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 500_000,
        b"\n" + b"On 1 2026 wrote: hello\n" * 200_000,
        b"\n" + b"> a\nb\n" * 500_000,
    ],
    ids=range(10),
)
def test_what_means_to_stop_us_does_not(raw: bytes):
    found = mail.read(raw)

    assert len(found.newest) <= mail.LONGEST_TEXT + 4
    assert len(found.files) <= mail.MOST_FILES


def test_thirty_megabytes_are_read_with_their_file():
    content = b64encode(b"PDF?" + b"\0" * (22 * MIB)).decode()
    found = mail.read(
        mixed("\r\nhej", "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + content)
    )

    assert [(each.name, len(each.content)) for each in found.files] == [("file.bin", 22 * MIB + 4)]


def test_postmarks_json_is_the_same_mail_with_and_without_the_raw_one():
    for body in samples("postmark-inbound/*.json"):
        found = mail.read(postmark.raw(body))
        assert postmark.event_id(body) == "00000000-0000-0000-0000-000000000000"
        assert (found.sender, found.subject, found.newest) == (
            "support@postmarkapp.com", "Test subject", "This is a test text body.",
        )  # fmt: skip
    assert [(each.name, each.content_type, len(each.content)) for each in found.files] == [
        ("test.txt", "text/plain", 45)
    ] or not found.files


def test_odd_json_of_postmarks_is_read_as_far_as_it_goes():
    odd = {
        "MessageID": "1",
        "From": "x\r\nBcc: y@z.dk",
        "Headers": [{"Name": "A:b", "Value": 1}, 7, {"Name": "In-Reply-To"}],
    }
    odd |= {"Attachments": [None, {"Name": 'a"b', "Content": "æ"}], "TextBody": "\ud800 hi", "HtmlBody": 4}

    assert "hi" in mail.read(postmark.raw(json.dumps(odd).encode())).newest
    for wrong in (b"{}", b"[]", b'{"MessageID": "1"}', b'{"MessageID": "1", "From": "x", "RecordType": "Bounce"}'):
        with pytest.raises(Refused):
            postmark.event_id(wrong)
