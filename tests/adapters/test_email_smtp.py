"""Real SMTP against the double: what leaves, what each answer means, and what a bad server costs."""

import datetime
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from flask import Flask

from tests.adapters.keys import KEY, PRIVATE_KEY
from tests.adapters.test_outbox_files import an_outbound
from tests.events import sent
from tests.factories import NOW, a_debtor, always_open, an_account, running
from tests.outboxes import Recorder, live, messages_of, put_aside
from wiseops.adapters.email_smtp import EmailSmtp, Server
from wiseops.domain.messages import Attachment, Failure, Outbound, SendFailed
from wiseops.doubles.orders import Order
from wiseops.doubles.smtp import SmtpDouble
from wiseops.extensions import db, mail
from wiseops.models import MessageFile
from wiseops.services import files, messages
from wiseops.services.transaction import transaction


@pytest.fixture(scope="module")
def server() -> Iterator[SmtpDouble]:
    with SmtpDouble() as double:
        yield double


@pytest.fixture
def double(server: SmtpDouble) -> SmtpDouble:
    server.sink.clear()
    server.connections = 0
    return server


@pytest.fixture
def context() -> Iterator[None]:
    """An app without a database."""
    app = Flask("mail")
    mail.init_app(app)
    with app.app_context():
        yield


def a_sender(double: SmtpDouble, *, total: float = 5.0, idle: float = 20.0, **server: object) -> EmailSmtp:
    values = {"host": "127.0.0.1", "port": double.port, "name": "collect.nordlys.dk"} | server
    return EmailSmtp(Server(**values), default_sender="ar@nordlys.dk", total=total, idle=idle)  # type: ignore[arg-type]


def failure_of(sender: EmailSmtp, outbound: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        sender.send(outbound)
    return failed.value


def a_context(folder: Path) -> ssl.SSLContext:
    """TLS with a certificate that nobody vouches for."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, KEY.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(KEY, SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_text(PRIVATE_KEY)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_reminder_arrives_whole(context: None, double: SmtpDouble):
    body = (
        "Kære Mette\n\nHusk 1.250,50\u00a0DKK & <tak>.\nBetal på https://pay.example.com/a?b=1&c=2.\n.\n" + "x" * 1200
    )
    outbound = an_outbound(
        body=body,
        sender_name="Nordlys, Bogføring",
        reply_to="svar@nordlys.dk",
        cc=("b@example.com",),
        automated=True,
        unsubscribe_url="https://collect.nordlys.dk/unsubscribe/" + "abc" * 40,
        in_reply_to="<q1@example.com>",
        attachments=(Attachment("Fakturaoversigt, år.pdf", "application/pdf", b"%PDF-1.7\n\x00\xff"),),
    )

    accepted = a_sender(double).send(outbound)

    (mail,) = double.mails()
    assert double.sink.kept[0]["to"] == ["mette@example.com", "b@example.com"]
    assert mail["From"] == '"Nordlys, Bogføring" <ar@nordlys.dk>'
    assert (mail["To"], mail["Cc"], mail["Reply-To"]) == ("mette@example.com", "b@example.com", "svar@nordlys.dk")
    assert (mail["Subject"], mail["Message-ID"]) == ("Påmindelse", "<r1@nordlys.dk>")
    assert (accepted.provider_id, accepted.note) == ("r1@nordlys.dk", "")
    assert parsedate_to_datetime(mail["Date"]) == NOW
    assert (mail["In-Reply-To"], mail["References"]) == ("<q1@example.com>", "<q1@example.com>")
    link = "https://collect.nordlys.dk/unsubscribe/" + "abc" * 40
    assert f" <{link}>\r\n" in double.sink.kept[0]["raw"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == body
    assert "DKK &amp; &lt;tak&gt;.<br>" in html.get_content()
    assert '<a href="https://pay.example.com/a?b=1&amp;c=2">' in html.get_content()
    (attachment,) = mail.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("Fakturaoversigt, år.pdf", b"%PDF-1.7\n\x00\xff")
    assert max(len(line) for line in double.sink.kept[0]["raw"].splitlines()) < 998


def test_a_persons_mail_bears_no_machine_headers(context: None, double: SmtpDouble):
    a_sender(double).send(an_outbound(unsubscribe_url="https://collect.nordlys.dk/unsubscribe/abc"))

    (mail,) = double.mails()
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "In-Reply-To"} & set(mail.keys())


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "a@b.dk\nBcc: all@example.com"},
        {"cc": ("a@b.dk\r\nBcc: all@example.com",)},
        {"subject": "Hi\r\n Bcc: all@example.com"},
        {"sender_name": "Nordlys\nBcc: all@example.com"},
        {"reply_to": "a@b.dk\rBcc: all@example.com"},
        {"in_reply_to": "<a@b>\nBcc: all@example.com"},
        {"automated": True, "unsubscribe_url": "https://a\nBcc: all@example.com"},
        {"attachments": (Attachment("a\nBcc: all@example.com", "text/plain", b""),)},
        {"to": "a@b.dk, all@example.com"},
        {"to": "nobody"},
        {"to": "mølle@example.com"},
    ],
)
def test_what_cannot_stand_in_a_header_does_not_leave(context: None, double: SmtpDouble, wrong: dict[str, str]):
    assert failure_of(a_sender(double), an_outbound(**wrong)).failure is Failure.REJECTED
    assert double.connections == 0


def test_a_type_that_is_none_does_not_break_the_mail(context: None, double: SmtpDouble):
    a_sender(double).send(an_outbound(attachments=(Attachment("../x", "text/html\nX: y", b"hi"),)))

    (attachment,) = double.mails()[0].iter_attachments()
    assert (attachment.get_filename(), attachment.get_content_type()) == ("x", "application/octet-stream")


ROWS = [
    (Order("refuse", 421, at="connect"), Failure.TRY_LATER, "queued"),
    (Order("refuse", 554, at="connect"), Failure.CHANNEL, "queued"),
    (Order("refuse", 451, at="mail"), Failure.TRY_LATER, "queued"),
    (Order("refuse", 550, at="mail"), Failure.CHANNEL, "queued"),
    (Order("refuse", 530, at="mail"), Failure.CHANNEL, "queued"),
    (Order("refuse", 552, at="mail"), Failure.REJECTED, "failed"),
    (Order("refuse", 450, at="rcpt"), Failure.TRY_LATER, "queued"),
    (Order("refuse", 421, at="rcpt"), Failure.TRY_LATER, "queued"),
    (Order("refuse", 550, at="rcpt"), Failure.REJECTED, "failed"),
    (Order("refuse", 452, at="data"), Failure.TRY_LATER, "queued"),
    (Order("refuse", 451), Failure.TRY_LATER, "queued"),
    (Order("refuse", 554), Failure.REJECTED, "failed"),
    (Order("drop", at="connect"), Failure.TRY_LATER, "queued"),
    (Order("drop", at="rcpt"), Failure.TRY_LATER, "queued"),
    (Order("drop"), Failure.UNKNOWN, "unknown"),
    (Order("drop", keep=True), Failure.UNKNOWN, "unknown"),
    (Order("hang", at="connect"), Failure.UNKNOWN, "unknown"),
    (Order("hang"), Failure.UNKNOWN, "unknown"),
]
NAMES = [f"{order.act}-{order.code or order.keep}-{order.at}" for order, _failure, _status in ROWS]


@pytest.mark.parametrize(("order", "failure"), [row[:2] for row in ROWS], ids=NAMES)
def test_each_answer_has_its_meaning(context: None, double: SmtpDouble, order: Order, failure: Failure):
    double.tell(order)

    failed = failure_of(a_sender(double, total=0.5), an_outbound())

    assert (failed.failure, failed.timed_out) == (failure, order.act == "hang")
    assert double.sink.asked.total() <= 1
    assert "@" not in failed.detail


@pytest.mark.parametrize("order", [Order("hang", at="connect"), Order("hang"), Order("delay", at="rcpt", seconds=9)])
def test_a_black_hole_costs_one_deadline(context: None, double: SmtpDouble, order: Order):
    double.tell(order)
    began = time.monotonic()

    failure_of(a_sender(double, total=0.5), an_outbound())

    assert 0.4 < time.monotonic() - began < 1.5


def test_a_server_that_cannot_be_reached_in_time_took_nothing(context: None):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as busy, socket.create_connection(busy.getsockname()):
        server = Server("127.0.0.1", busy.getsockname()[1], "x")

        failed = failure_of(EmailSmtp(server, default_sender="ar@nordlys.dk", total=0.3), an_outbound())

    assert (failed.failure, failed.timed_out) == (Failure.TRY_LATER, True)


def test_without_a_sender_nothing_leaves(context: None, double: SmtpDouble):
    sender = EmailSmtp(Server("127.0.0.1", double.port, "x"))

    assert failure_of(sender, an_outbound()).failure is Failure.CHANNEL


def test_a_refused_copy_does_not_stop_the_message_and_a_refused_addressee_does(context: None, double: SmtpDouble):
    sender = a_sender(double)
    double.tell(Order("refuse", 550, at="rcpt", only="b@example.com"))
    assert sender.send(an_outbound(cc=("b@example.com", "c@example.com"))).note == "cc_refused: 1"
    assert double.sink.kept[0]["to"] == ["mette@example.com", "c@example.com"]

    double.tell(Order("refuse", 550, at="rcpt", only="mette@example.com"))
    assert failure_of(sender, an_outbound(ref="r2", cc=("b@example.com",))).failure is Failure.REJECTED
    assert len(double.sink.kept) == 1


def test_one_connection_for_many_even_after_a_refusal(context: None, double: SmtpDouble):
    sender = a_sender(double)
    double.tell(Order("refuse", 550, at="rcpt", only="nobody@example.com"))

    sender.send(an_outbound(ref="r1"))
    failure_of(sender, an_outbound(ref="r2", to="nobody@example.com"))
    sender.send(an_outbound(ref="r3"))

    assert (double.connections, len(double.mails())) == (1, 2)


def test_a_connection_that_died_while_idle_is_opened_once_more(context: None, double: SmtpDouble):
    sender = a_sender(double)
    sender.send(an_outbound(ref="r1"))
    double.cut()
    time.sleep(0.05)

    sender.send(an_outbound(ref="r2"))

    assert (double.connections, len(double.mails())) == (2, 2)


def test_a_connection_idle_for_long_is_not_used_again(context: None, double: SmtpDouble):
    sender = a_sender(double, idle=0)

    sender.send(an_outbound(ref="r1"))
    sender.send(an_outbound(ref="r2"))

    assert double.connections == 2


def test_a_certificate_that_nobody_vouches_for_is_refused(context: None, tmp_path: Path):
    with SmtpDouble(tls=a_context(tmp_path)) as double:
        failed = failure_of(a_sender(double, starttls=True), an_outbound())
        assert failed.failure is Failure.CHANNEL
        assert "certificate" in failed.detail

        trusting = a_sender(double, starttls=True)
        trusting.context.load_verify_locations(tmp_path / "cert.pem")
        trusting.send(an_outbound())
        assert len(double.mails()) == 1


def test_a_server_without_tls_gets_nothing_where_tls_is_set(context: None, double: SmtpDouble):
    assert failure_of(a_sender(double, starttls=True), an_outbound()).failure is Failure.CHANNEL
    assert double.mails() == []


def test_a_wrong_password_stops_the_channel_and_the_right_one_sends(context: None):
    with SmtpDouble(username="us", password="right") as double:
        wrong = a_sender(double, username="us", password="wrong")
        assert failure_of(wrong, an_outbound()).failure is Failure.CHANNEL

        a_sender(double, username="us", password="right").send(an_outbound())
        assert len(double.mails()) == 1


def send(double: SmtpDouble, **more: float) -> messages.Sending:
    sender = a_sender(double, **more)
    return messages.send_due(NOW, senders={"email": sender, "sms": Recorder(), "file": Recorder()})


def test_each_answer_ends_where_the_table_says(app: Flask, double: SmtpDouble):
    live()
    always_open()
    account = an_account()
    ended: dict[str, tuple[str, bool]] = {}

    for name, order in [("taken", None), *zip(NAMES, (row[0] for row in ROWS), strict=True)]:
        message = sent(account, name, "k@example.com", channel="email", state="queued", subject="Husk", body="Hej")
        double.tell(*([order] if order else []))
        send(double, total=0.3)
        ended[name] = put_aside(message)

    rows = zip(NAMES, ROWS, strict=True)
    wanted = {name: (status, failure is Failure.CHANNEL) for name, (_order, failure, status) in rows}
    assert ended == wanted | {"taken": ("sent", False)}
    assert max(double.sink.asked.values()) == 1


def test_a_slice_goes_over_one_connection_with_its_files(app: Flask, double: SmtpDouble):
    running()
    live()
    accounts = [a_debtor(email=f"k{number}@example.com") for number in range(3)]
    stored = files.store([b"%PDF"], name="Oversigt.pdf", content_type="application/pdf", now=NOW)
    with transaction():
        for account in accounts[:2]:
            db.session.add(MessageFile(message_id=messages_of(account)[0].id, file_id=stored.id))

    assert send(double).sent == 3

    assert double.connections == 1
    names = [[part.get_filename() for part in mail.iter_attachments()] for mail in double.mails()]
    assert names == [["Oversigt.pdf"], ["Oversigt.pdf"], []]
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in double.mails())
