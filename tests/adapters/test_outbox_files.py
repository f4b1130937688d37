"""What would have left, as files."""

import email
from email import policy
from pathlib import Path

import pytest

from tests.factories import NOW
from wiseops.adapters.outbox_files import OutboxFiles
from wiseops.domain.messages import Accepted, Failure, Outbound, SendFailed


def an_outbound(**more: object) -> Outbound:
    values = {
        "ref": "r1",
        "channel": "email",
        "to": "mette@example.com",
        "subject": "Påmindelse",
        "body": "Kære Mette\n",
    }
    return Outbound(**(values | {"at": NOW} | more))  # type: ignore[arg-type]


def test_an_email_is_one_eml_file_a_mail_program_opens(tmp_path: Path):
    mail = an_outbound(
        sender="ar@nordlys.dk", sender_name="Nordlys, Bogholderi", reply_to="svar@nordlys.dk", cc=("b@example.com",)
    )

    assert OutboxFiles(tmp_path).send(mail) == Accepted("r1")

    read = email.message_from_bytes((tmp_path / "2026-03-02" / "r1.eml").read_bytes(), policy=policy.default)
    assert (read["To"], read["Subject"], read["Cc"]) == ("mette@example.com", "Påmindelse", "b@example.com")
    assert read["From"] == '"Nordlys, Bogholderi" <ar@nordlys.dk>'
    assert read["Reply-To"] == "svar@nordlys.dk"
    assert read.get_content() == "Kære Mette\n"


def test_an_sms_is_a_text_file(tmp_path: Path):
    OutboxFiles(tmp_path).send(an_outbound(channel="sms", to="+4520123456", subject="", body="Husk 1.250,50 DKK"))

    text = (tmp_path / "2026-03-02" / "r1.txt").read_text()
    assert "To: +4520123456\n" in text
    assert text.endswith("\n\nHusk 1.250,50 DKK\n")


@pytest.mark.parametrize("broken", [{"to": "a@b.dk\nBcc: all@example.com"}, {"subject": "Hi\r\nBcc: all@example.com"}])
def test_a_line_break_in_a_heading_is_rejected(tmp_path: Path, broken: dict[str, str]):
    with pytest.raises(SendFailed) as failed:
        OutboxFiles(tmp_path).send(an_outbound(**broken))

    assert failed.value.failure is Failure.REJECTED
    assert list(tmp_path.rglob("*.eml")) == []


def test_a_disk_that_takes_nothing_is_tried_again_later(tmp_path: Path):
    (tmp_path / "2026-03-02").write_text("in the way")

    with pytest.raises(SendFailed) as failed:
        OutboxFiles(tmp_path).send(an_outbound())

    assert failed.value.failure is Failure.TRY_LATER
