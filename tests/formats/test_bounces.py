"""What a notice about our mail says, read from real ones and from what older servers write."""

from __future__ import annotations

import csv
import email
from collections import defaultdict
from email import policy
from email.message import Message
from pathlib import Path

import pytest

from tests.conftest import SHARED
from wiseops.domain.bounces import Verdict, judge
from wiseops.formats import bounces

FOLDER = SHARED / "email-dsn"
NOT_NOTICES = {"rfc3834-01.eml", "rfc3834-02.eml"}


def samples() -> list[Path]:
    """The sample files; skips the test where they are not on this machine."""
    found = sorted(FOLDER.glob("*/*.eml"))
    if not found:
        pytest.skip(f"no sample bounces below {FOLDER}")
    return found


def parsed(raw: bytes | str) -> Message:
    return email.message_from_bytes(raw if isinstance(raw, bytes) else raw.encode(), policy=policy.default)


def test_the_labelled_notices_are_hard_or_not_as_they_are_labelled():
    labelled: dict[str, list[bool]] = defaultdict(list)
    of_file = {path.name: path for path in samples()}
    with (FOLDER / "expected.csv").open() as lines:
        for row in csv.DictReader(lines):
            labelled[row["file"]].append(row["hard_bounce"] == "1")

    wrong = []
    for name, hard in labelled.items():
        notice = bounces.read(parsed(of_file[name].read_bytes()))
        found = [finding.verdict == Verdict.HARD for finding in notice.findings] if notice else [False]
        if found != hard:
            wrong.append(name)

    assert len(labelled) == 27
    assert wrong == []


def test_every_notice_names_an_addressee_and_no_auto_reply_is_one():
    for path in samples():
        notice = bounces.read(parsed(path.read_bytes()))
        assert (notice is None) is (path.name in NOT_NOTICES), path.name
        if notice:
            assert all("@" in address for finding in notice.findings for address in finding.addresses[:1]), path.name
            assert [finding for finding in notice.findings if finding.addresses], path.name


def test_a_notice_that_breaks_off_anywhere_is_still_read():
    for path in samples():
        raw = path.read_bytes()
        for tenth in range(10):
            bounces.read(parsed(raw[: len(raw) * tenth // 10]))


FROM = "From: MAILER-DAEMON@mx.example.net\nTo: ar@nordlys.dk\n"
POSTFIX = """\
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

This is the mail system.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; mette@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}
--b
Content-Type: text/rfc822-headers

Message-ID: <r1@nordlys.dk>
X-PM-Metadata-ref: r1
To: mette@example.com
--b--
"""
QMAIL = """\
Subject: failure notice

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<mette@example.com>:
Sorry, no mailbox here by that name. vpopmail (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <ar@nordlys.dk>
Message-ID: <r1@nordlys.dk>
"""
READ = """\
From: mette@example.com
Subject: Read: Rykker
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b

Your message was read.
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; mette@example.com
Original-Message-ID: <r1@nordlys.dk>
Disposition: manual-action/MDN-sent-manually; displayed
--b--
"""
EXIM_WAITS = """\
Subject: Warning: message 1dXyzA-0001 delayed 24 hours

A message that you sent has not yet been delivered to one or more of its recipients.
No action is required on your part.

  mette@example.com
    Delay reason: host mx [192.0.2.1]: 451 4.7.1 Greylisted
"""
EXCHANGE_HTML = """\
Subject: Undeliverable: Rykker
Content-Type: text/html; charset="windows-1252"
Content-Transfer-Encoding: quoted-printable

<html><style>p {{}}</style><p>Delivery has failed to these recipients:</p><p>mette@example.com<br>
The recipient=92s mailbox is full.</p><p>Message-ID: &lt;r1@nordlys.dk&gt;</p></html>
"""
ARF = """\
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
Version: 1
Original-Rcpt-To: mette@example.com
--b
Content-Type: message/rfc822

Message-ID: <r1@nordlys.dk>
To: mette@example.com

Hej
--b--
"""


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (POSTFIX.format(action="failed", status="5.1.1", said="550 5.1.1 User unknown"), Verdict.HARD),
        (POSTFIX.format(action="failed", status="5.2.2", said="552 5.2.2 Over quota"), Verdict.SOFT),
        (POSTFIX.format(action="failed", status="4.4.7", said="delivery time expired"), Verdict.SOFT),
        (POSTFIX.format(action="failed", status="5.7.26", said="550 5.7.26 DMARC"), Verdict.BLOCKED),
        (POSTFIX.format(action="delayed", status="4.4.1", said="connection timed out"), Verdict.DELAYED),
        (POSTFIX.format(action="delivered", status="2.0.0", said="250 ok"), Verdict.ARRIVED),
        (QMAIL, Verdict.HARD),
        (EXCHANGE_HTML, Verdict.SOFT),
        (ARF.format(kind="abuse"), Verdict.COMPLAINT),
        (ARF.format(kind="opt-out"), Verdict.OPTED_OUT),
        (ARF.format(kind="not-spam"), Verdict.ARRIVED),
    ],
)
def test_each_kind_of_notice_says_of_whom_and_of_which_message(body: str, verdict: Verdict):
    notice = bounces.read(parsed(FROM + body))

    assert notice
    assert [(finding.addresses, finding.verdict) for finding in notice.findings] == [(("mette@example.com",), verdict)]
    assert notice.references[0] == "r1@nordlys.dk"


def test_a_server_that_still_tries_says_so_in_words():
    notice = bounces.read(parsed(FROM + EXIM_WAITS))

    assert notice
    assert notice.findings[0].verdict == Verdict.DELAYED


@pytest.mark.parametrize(
    "mail",
    [
        "From: mette@example.com\nSubject: Re: Rykker\n\nMailbox unavailable? User unknown? 550 5.1.1 I paid.",
        "From: mette@example.com\nSubject: Undeliverable: Rykker\n\n> From: MAILER-DAEMON@x\n> delivery failed",
        "From: postmaster@example.com\nSubject: Your invoice\n\nPlease send it once more.",
        "From: mette@example.com\nAuto-Submitted: auto-replied\nSubject: Away\n\nUntil Monday.",
        "From: mette@example.com\nSubject: Your bounce\n\nFinal-Recipient: rfc822; mette@example.com\nStatus: 5.1.1\n",
        "From: mette@example.com\n"
        + POSTFIX.format(action="failed", status="5.1.1", said="").replace("/report", "/mixed"),
        READ,
        READ.replace("was read", "could not be delivered"),
        "",
    ],
)
def test_what_a_person_or_their_auto_reply_writes_is_no_notice(mail: str):
    assert bounces.read(parsed(mail)) is None


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("550 Unknown user (in reply to RCPT TO command)", Verdict.HARD),
        ("550 Unknown user (in reply to end of DATA command)", Verdict.SOFT),
        ("450 4.2.1 mailbox temporarily disabled", Verdict.SOFT),
        ("550 5.2.1 mailbox disabled", Verdict.HARD),
        ("550 5.3.0 unknown user", Verdict.SOFT),
        ("host 5.1.1.9 said: 554 no", Verdict.SOFT),
        ("550 5.1.1 rejected, listed by a blocklist", Verdict.BLOCKED),
        ("", Verdict.SOFT),
    ],
)
def test_a_precise_code_outweighs_words_and_doubt_speaks_for_the_address(said: str, verdict: Verdict):
    assert judge("failed", said) == verdict


@pytest.mark.parametrize(
    "piece", ["<style ", "\n", "> ", "exceed ", "a@b.dk ", "Final-Recipient: x;a@b\n\n", "Message-ID:"]
)
def test_a_notice_made_to_keep_the_reader_busy_does_not(piece: str):
    for kind in ("plain", "html"):
        text = f"X-Failed-Recipients: a@b.dk\nContent-Type: text/{kind}\n\n" + piece * 20_000
        notice = bounces.read(parsed(FROM + text))
        assert notice
        assert all(len(finding.addresses) <= 1 for finding in notice.findings)
