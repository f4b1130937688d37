"""What a program wrote, and what only looks so."""

import pytest

from tests.arrivals import every, written
from wiseops.formats.arrivals import mail
from wiseops.formats.arrivals.automatic import Kind


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=a@b.dk"},
        {"Precedence": "auto_reply"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"X_AutoReply_From": "a@b.dk"},
        {"Return_Path": "<>"},
        {"X_MS_Exchange_Inbox_Rules_Loop": "a@b.dk"},
        {"Subject": "Automatic reply: Reminder"},
        {"Subject": "Out of Office: Reminder"},
        {"Subject": "Automatisk svar: Påmindelse"},
        {"Subject": "=?utf-8?q?Frav=C3=A6rsmelding?="},
        {"Subject": "Autosvar: Purring"},
        {"Subject": "Ikke på kontoret"},
        {"sender": "MAILER-DAEMON@example.com"},
    ],
)
def test_a_program(fields: dict[str, str]):
    assert mail.read(written(**fields)).kind is Kind.AUTOMATIC


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "no"},
        {"Subject": "SV: Automatisk svar: Reminder"},
        {"Subject": "Re: Out of office"},
        {"Subject": "Ferie: jeg betaler bagefter"},
        {"Precedence": "bulk", "List_Id": "<rykker.example.com>"},
        {"Precedence": "list"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<mette@example.com>"},
    ],
)
def test_a_person(fields: dict[str, str]):
    assert mail.read(written(**fields)).kind is Kind.REPLY


def test_the_samples():
    kinds = {name: mail.read(raw).kind for name, raw in every().items()}

    for name, kind in kinds.items():
        assert (kind is Kind.REPLY) == (not name.startswith(("arf", "lhost", "rhost", "rfc"))), name
    assert [kinds[f"rfc3834-0{number}.eml"] for number in (1, 2)] == [Kind.AUTOMATIC] * 2
