"""One worker's e-mails a second, against a bare loop that builds and sends mail on one connection to the same sink."""

from __future__ import annotations

import json
import re
import smtplib
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select, text, update

from bench.passes import NOW, build, memory
from wiseops.adapters.email_smtp import EmailSmtp, Server
from wiseops.config import ROOT
from wiseops.domain.messages import Accepted, Outbound
from wiseops.extensions import db
from wiseops.models import Automation, Channel, Company, Message
from wiseops.services import automation, messages

LEAST = 1 / 3


def run(engine: str, count: int) -> None:
    """Queues `count` reminders, sends them through the real adapter, then as many bare mails; prints both."""
    build(count * 10 // 9 + 1)
    _open_the_gates()
    automation.run(NOW)
    with _sink() as (port, control):
        bare = _bare(port, _a_body(port), count)
        began = time.perf_counter()
        sender = _Metered(EmailSmtp(Server("127.0.0.1", port, "bench.example.com")), max(1, count // 10))
        passed = lambda: NOW + timedelta(seconds=time.perf_counter() - began)  # noqa: E731
        done = messages.send_due(NOW, senders={"email": sender, "sms": sender, "file": sender}, clock=passed)
        rate = done.sent / (time.perf_counter() - began)
        sender.inner.close()
        taken = _counts(control)
    print(f"{engine}: {done.sent} reminders by one worker, {len(taken['twice'])} of them twice")
    print(f"  bare loop of EmailMessage   {bare:8.0f} mails/s")
    print(f"  one worker                  {rate:8.0f} mails/s   {rate / bare:5.2f} of it (at least {LEAST:.2f})")
    grown = " ".join(f"{(kib - sender.before) / 1024:.1f}" for kib in sender.needed)
    print(f"  memory grown by sending     {grown} MiB, after each tenth of the messages", flush=True)


@dataclass(slots=True)
class _Metered:
    """A sender that notes what memory was needed at most, each time it has sent `every` further messages."""

    inner: EmailSmtp
    every: int
    name: str = "smtp"
    reaches_people: bool = True
    sent: int = 0
    before: int = field(default_factory=memory)
    needed: list[int] = field(default_factory=list)

    def send(self, outbound: Outbound) -> Accepted:
        accepted = self.inner.send(outbound)
        self.sent += 1
        if self.sent % self.every == 0:
            self.needed.append(memory())
        return accepted


def _open_the_gates() -> None:
    """Live, no pace, a sender, and figures that do not depend on the hour."""
    db.session.execute(update(Automation).values(paused=False, mode="live"))
    db.session.execute(update(Channel).values(per_second=1_000_000))
    db.session.execute(update(Company).values(email_sender="ar@bench.example.com", email_sender_name="Bench A/S"))
    db.session.commit()


def _a_body(port: int) -> str:
    """A reminder's text, as the first one will say it."""
    one = db.session.scalars(select(Message).order_by(Message.id).limit(1)).one()
    rest = (Message.id != one.id, Message.status == "queued")
    db.session.execute(update(Message).where(*rest).values(not_before=NOW + timedelta(days=1)))
    db.session.commit()
    sender = EmailSmtp(Server("127.0.0.1", port, "bench.example.com"))
    messages.send_due(NOW, senders={"email": sender, "sms": sender, "file": sender})
    sender.close()
    db.session.execute(update(Message).where(*rest).values(not_before=NOW))
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return db.session.get_one(Message, one.id, populate_existing=True).body


def _bare(port: int, body: str, count: int) -> float:
    """Mails a second of the least that could do the same."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example.com") as talk:
        for number in range(count):
            mail = EmailMessage()
            mail["From"] = "Bench A/S <ar@bench.example.com>"
            mail["To"] = f"k{number}@example.com"
            mail["Subject"] = "Reminder of what is overdue"
            mail["Message-ID"] = f"<bare-{number}@bench.example.com>"
            mail.set_content(body)
            talk.send_message(mail)
    return count / (time.perf_counter() - began)


@contextmanager
def _sink() -> Iterator[tuple[int, str]]:
    """The double, in a process of its own as a mail server would be."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"WISEOPS_DATA_DIR": folder, "SECRET_KEY": "bench", "PYTHONUNBUFFERED": "1", "PATH": ""}
        command = [sys.executable, "-m", "flask", "--app", "wiseops.app", "doubles", "smtp"]
        process = subprocess.Popen(command, cwd=Path(ROOT), env=environ, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        said = ""
        while "Tell it" not in said:
            said += process.stdout.readline()
        try:
            port, control = re.search(r"MAIL_PORT=(\d+)", said), re.search(r"http://(\S+)/double/counts", said)
            assert port
            assert control
            yield int(port[1]), control[1]
        finally:
            process.terminate()
            process.wait()


def _counts(control: str) -> dict[str, dict[str, int]]:
    with urllib.request.urlopen(f"http://{control}/double/counts") as answer:
        return json.load(answer)
