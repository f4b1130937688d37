"""A storm: two workers send a large outbox to real servers while they are killed and Redis forgets everything."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from redis import Redis
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import OperationalError

from tests import forks
from tests.conftest import a_config
from tests.factories import always_open
from tests.forks import Fork
from wiseops.app import create_app
from wiseops.config import Config
from wiseops.domain.messages import SLICES
from wiseops.doubles.smtp import SmtpDouble
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.models import Account, Automation, Channel, Contact, Entry, Message
from wiseops.processes import children, valkey
from wiseops.services import claims, messages, pauses
from wiseops.services.transaction import transaction

ENDS = ("sent", "unknown", "queued", "cancelled")
_CHUNK = 2000


def _a_seed() -> int:
    return int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))


@dataclass(slots=True)
class Storm:
    """`restart` restarts the database, None where there is none to restart. `seed` repeats a storm."""

    folder: Path
    database_url: str
    each: int
    kills: int
    flushes: int = 0
    stops: int = 0
    restart: Callable[[], None] | None = None
    longest_life: float = 3.0
    seed: int = field(default_factory=_a_seed)
    vonage: VonageDouble = field(default_factory=VonageDouble)
    smtp: SmtpDouble = field(default_factory=SmtpDouble)
    servers: list[subprocess.Popen[bytes] | None] = field(default_factory=list)
    config: Config = field(init=False)

    def rage(self) -> None:
        """Runs until every message is settled; `seed` is in each complaint."""
        self.config = a_config(self.folder, self.database_url)
        app = create_app(self.config)
        self.servers.append(valkey.ensure(self.config))
        try:
            with self.vonage, self.smtp, app.app_context():
                self._build()
                with self._workers() as workers:
                    self._disturb(workers)
                    claims.expire(datetime.now(UTC) + claims.LASTS)  # Nobody waits two minutes for the dead here.
                    self._wait(lambda: not self._open(), 1800)
                messages.sweep(datetime.now(UTC) + timedelta(minutes=2))
                self._judge()
                db.session.remove()
                db.engine.dispose()
        finally:
            children.stop([server for server in self.servers if server], within=5)

    def _build(self) -> None:
        """Half can be e-mailed, half only texted, and step 1 of all is due."""
        now = datetime.now(UTC)
        due = (now - timedelta(days=9)).date()
        for first in range(1, 2 * self.each + 1, _CHUNK):
            ids = range(first, min(first + _CHUNK, 2 * self.each + 1))
            db.session.execute(insert(Account), [
                {"id": n, "number": f"K{n}", "name": f"Customer {n}", "country": "DK", 
                 "created_at": now} for n in ids
            ])  # fmt: skip
            db.session.execute(insert(Contact), [self._contact(n) for n in ids])
            db.session.execute(insert(Entry), [
                {"account_id": n, "kind": "invoice", "number": str(n), "issued_on": due - timedelta(days=30),
                 "due_on": due, "currency": "DKK", "amount": 10_000, "open": 10_000, "posted_at": now} for n in ids
            ])  # fmt: skip
            db.session.commit()
        always_open()
        with transaction():
            db.session.execute(update(Channel).values(per_second=1000))
            db.session.execute(update(Automation).values(mode="live"))
        pauses.end(now=now)

    def _contact(self, n: int) -> dict[str, object]:
        if n % 2:
            return {"account_id": n, "email": f"k{n}@example.com", "default_email": True, "default_sms": False}
        phone = f"+45{20000000 + n}"
        return {"account_id": n, "phone": phone, "phone_given": phone, "default_sms": True, "default_email": False}

    @contextmanager
    def _workers(self) -> Iterator[list[Fork]]:
        """Two; the caller may put another in the place of a dead one."""
        workers = [self._worker(), self._worker()]
        try:
            yield workers
        finally:
            children.stop(workers, within=10)  # In their time: the storm's end is no further kill.

    def _worker(self) -> Fork:
        return forks.start(
            "worker.py",
            WISEOPS_DATA_DIR=str(self.folder),
            DATABASE_URL=self.database_url,
            SECRET_KEY="storm",
            REDIS_URL="",
            WISEOPS_ENV="development",
            SMS_BACKEND="vonage",
            EMAIL_BACKEND="smtp",
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=str(self.smtp.port),
            MAIL_DEFAULT_SENDER="reminders@example.org",
            VONAGE_API_HOST=f"http://{self.vonage.address}",
            VONAGE_APPLICATION_ID="storm",
            VONAGE_PRIVATE_KEY=_KEY,
            VONAGE_SIGNATURE_SECRET=self.vonage.secret,
            VONAGE_NUMBER="+4532100000",
        )

    def _disturb(self, workers: list[Fork]) -> None:
        """Every kill and outage at a random moment, none before something is on its way."""
        dice = random.Random(self.seed)
        self._wait(lambda: self._statuses()["sent"], 300)
        acts = ["kill"] * self.kills + ["flush"] * self.flushes + ["stop"] * self.stops
        acts += ["restart"] if self.restart else []
        dice.shuffle(acts)
        for act in acts:
            time.sleep(dice.random() * self.longest_life)
            if act == "kill":
                victim = dice.randrange(2)
                workers[victim].kill()
                workers[victim].wait()
                workers[victim] = self._worker()
            elif act == "restart" and self.restart:
                db.session.remove()
                self.restart()
                db.engine.dispose()
            else:
                self._forget(is_gone=act == "stop")

    def _forget(self, *, is_gone: bool) -> None:
        with Redis(unix_socket_path=str(self.config.valkey_socket)) as redis:
            redis.flushall()
            if is_gone:
                redis.shutdown()
        if is_gone:
            time.sleep(2)
            self.servers.append(valkey.ensure(self.config))

    def _judge(self) -> None:
        """Once at most, nothing lost, and no more unclear than a kill can leave."""
        assert self.vonage.sink.counts()["twice"] == {}, f"FAULTS_SEED={self.seed}"
        assert self.smtp.sink.counts()["twice"] == {}, f"FAULTS_SEED={self.seed}"
        for channel, sink in (("sms", self.vonage.sink), ("email", self.smtp.sink)):
            found = self._statuses(channel)
            said = f"{channel} {dict(found)} FAULTS_SEED={self.seed}"
            assert sum(found[status] for status in ENDS) == sum(found.values()) == self.each, said
            assert found["unknown"] <= self.kills * SLICES[channel], said
            assert found["sent"] <= sink.counts()["different"] <= found["sent"] + found["unknown"], said

    def _open(self) -> int:
        """Messages that wait, and accounts that have none yet; `sending` is left to the sweep."""
        found = self._statuses()
        return found["queued"] + found["claimed"] + 2 * self.each - sum(found.values())

    def _statuses(self, channel: str | None = None) -> Counter[str]:
        query = select(Message.status, func.count()).group_by(Message.status)
        if channel:
            query = query.where(Message.channel == channel)
        try:
            db.session.rollback()
            return Counter(dict(db.session.execute(query).all()))
        except OperationalError:  # The database is being restarted.
            db.session.remove()
            return Counter()

    def _wait(self, condition: Callable[[], object], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"waited in vain: {dict(self._statuses())} FAULTS_SEED={self.seed}"
            time.sleep(0.2)


def _a_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


_KEY = _a_key()
