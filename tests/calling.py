"""Calls for tests: a caller that starts none, people who may call, and what a provider says of each leg."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlalchemy import update

from tests.factories import NOW, a_debtor, a_user
from wiseops.domain.calls import CallFailed, Placed
from wiseops.extensions import db
from wiseops.formats import vonage_voice
from wiseops.models import Automation, Guardrail, User
from wiseops.services import automation
from wiseops.services.transaction import transaction
from wiseops.services.webhooks import Received

NUMBER = "+4520123456"


@dataclass
class Phones:
    """Says yes, or `fails`."""

    fails: CallFailed | None = None
    rung: list[tuple[str, str]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def call(self, ref: str, *, to_collector: str, to_debtor: str) -> Placed:
        assert not db.session().in_transaction()
        self.rung.append((to_collector, to_debtor))
        if self.fails:
            raise self.fails
        return Placed(f"leg-{ref}", f"CON-{ref}")

    def hang_up(self, leg_id: str) -> None:
        assert not db.session().in_transaction()
        if self.fails:
            raise self.fails
        self.ended.append(leg_id)


def live() -> None:
    """Calls reach customers."""
    with transaction():
        db.session.get_one(Automation, 1).mode = "live"


def hours(*, always: bool) -> None:
    """Open around the clock, or only where it is night."""
    values: dict = {"holidays": False, "weekdays": [0, 1, 2, 3, 4, 5, 6]}
    span = ("00:00", "23:59") if always else ("03:00", "03:01")
    for group in ("", "saturday_", "sunday_"):
        values |= {f"{group}opens": span[0], f"{group}closes": span[1]}
    with transaction():
        db.session.execute(update(Guardrail).values(**values))
        automation.rules_changed()


def someone(role: str = "collector", *, phone: str = "+4530123456", name: str = "Kim Lund") -> User:
    """A new user who can call."""
    user = a_user(role, name=name)
    with transaction():
        user.phone = phone
    return user


def a_callable() -> int:
    """The id of an account that can be called, in live mode; its contact is the first."""
    live()
    return a_debtor(email="", phone=NUMBER, country="DK")


def an_event(ref: str, leg: str, status: str, **more: object) -> Received:
    """What is told of one leg, as the edge hands it on."""
    given = {"uuid": f"{leg}-{ref}", "conversation_uuid": f"CON-{ref}", "status": status, "to": "4520123456"}
    given |= {"timestamp": NOW.isoformat(), **more}
    kept = vonage_voice.addressed(json.dumps(given).encode(), ref=ref, leg=leg)
    return Received("vonage", "voice", vonage_voice.event(kept).event_id, kept)


def a_talk(ref: str) -> list[Received]:
    """Every event of a call in which both talked for 42 seconds."""
    told = [("collector", "started"), ("collector", "ringing"), ("collector", "answered"), ("debtor", "ringing")]
    events = [an_event(ref, *each) for each in [*told, ("debtor", "answered")]]
    return [
        *events,
        an_event(ref, "debtor", "completed", duration="42", start_time=NOW.isoformat()),
        an_event(ref, "collector", "completed"),
    ]
