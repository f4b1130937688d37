"""Passes: what is due is decided and stored once, whatever else happens meanwhile."""

from __future__ import annotations

import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tests.factories import an_account, an_entry
from wiseops.domain.automation.decide import decide
from wiseops.domain.contacts import Details
from wiseops.extensions import db
from wiseops.models import EPOCH, Account, Automation, Engagement, Message, Position, StageTotal
from wiseops.queries import automation as queries
from wiseops.queries import snapshots, verification
from wiseops.services import accounts, automation, contacts, decisions, entries, pauses
from wiseops.services.imports import Options, import_entries
from wiseops.services.transaction import transaction

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 3)


@pytest.fixture(autouse=True)
def resumed(app: Flask) -> None:
    db.session.execute(update(Automation).values(paused=False))
    db.session.commit()


def an_overdue_account(owed: str = "100.00 DKK", *, late: int = 5) -> int:
    account_id = an_account(now=NOW - timedelta(days=90), country="DK")
    contacts.create(account_id, Details(email=f"k{account_id}@example.com"), now=NOW - timedelta(days=90))
    posted = NOW - timedelta(days=60)
    due = TODAY - timedelta(days=late)
    an_entry(account_id, owed, on=due - timedelta(days=30), due_on=due, now=posted, number="1")
    return account_id


def count(model: type, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def test_a_pass_queues_one_message_for_each_account_that_is_due():
    ids = [an_overdue_account() for _ in range(3)]
    result = automation.run(NOW)
    assert (result.evaluated, result.queued) == (3, 3)
    assert sorted(db.session.scalars(select(Message.account_id))) == ids


def test_a_pass_with_nothing_due_does_nothing():
    an_overdue_account()
    automation.run(NOW)
    again = automation.run(NOW)
    assert (again.evaluated, again.queued) == (0, 0)


def test_a_changed_rule_makes_every_account_due_by_writing_one_row():
    an_overdue_account()
    automation.run(NOW)
    automation.rules_changed()
    assert automation.run(NOW).evaluated == 1


def test_a_decision_on_a_book_that_changed_meanwhile_is_not_stored():
    account_id = an_overdue_account()
    rules = queries.rules()
    [snapshot] = snapshots.load([account_id], rules)
    decision = decide(snapshot, rules, NOW)
    automation.touch([account_id])

    stored = decisions.store([(snapshot, decision)], rules, NOW)

    assert (stored.accounts, stored.queued) == (0, 0)
    assert db.session.get_one(Account, account_id).wake_at == EPOCH
    assert automation.run(NOW).queued == 1


def test_two_passes_that_read_the_same_book_queue_one_message():
    account_id = an_overdue_account()
    rules = queries.rules()
    both = [(s, decide(s, rules, NOW)) for _ in range(2) for s in snapshots.load([account_id], rules)]
    stored = [decisions.store([pair], rules, NOW).queued for pair in both]
    assert stored == [1, 0]
    assert count(Engagement, Engagement.ended_at.is_(None)) == 1


def test_the_database_itself_lets_a_step_have_one_message_a_channel():
    account_id = an_overdue_account()
    automation.run(NOW)
    first = db.session.scalars(select(Message).where(Message.account_id == account_id)).one()
    same = {
        "account_id": account_id,
        "engagement_id": first.engagement_id,
        "step": first.step,
        "channel": first.channel,
    }

    def again(ref: str, **more: object) -> None:
        values = {**same, "ref": ref, "automated": True, "queued_at": NOW, "not_before": NOW, **more}
        with transaction():
            db.session.execute(insert(Message), [values])

    with pytest.raises(IntegrityError):
        again("twice")
    again("of a person", automated=False)
    again("gone", status="cancelled")
    again("later", step=2)


def test_a_pass_cut_off_anywhere_and_run_again_is_the_same_as_one_whole():
    for late in range(2, 17):
        an_overdue_account(late=late)
    while not automation.run(NOW, is_over=lambda: True).is_finished:
        chunk = db.session.scalars(select(Account.id).where(Account.wake_at <= NOW).limit(3)).all()
        automation.decide(chunk, NOW)
        with pytest.raises(PowerCut):
            _decide_and_die(chunk[0] + 4)
    assert count(Message) == count(Account, Account.step == 1, Account.send_at <= NOW)
    assert verification.verify(NOW).differences == 0


class PowerCut(Exception):
    """The worker is gone before its transaction ends."""


def _decide_and_die(account_id: int) -> None:
    with transaction():
        automation.decide([account_id], NOW)
        raise PowerCut


def test_while_paused_a_pass_evaluates_and_queues_nothing():
    an_overdue_account()
    pauses.begin(reason="new prices", now=NOW)
    result = automation.run(NOW)
    assert (result.evaluated, result.queued, count(Message)) == (1, 0, 0)


def test_a_pause_takes_what_was_queued_and_resume_queues_it_anew():
    account_id = an_overdue_account()
    automation.run(NOW)
    pauses.begin(reason="new prices", now=NOW)
    automation.run(NOW)
    assert [m.reason for m in db.session.scalars(select(Message))] == ["paused"]
    assert db.session.get_one(Account, account_id).stage == "scheduled"

    pauses.end(now=NOW)
    assert automation.run(NOW).queued == 1


@pytest.mark.parametrize(
    "damage",
    [
        update(Account).values(stage="engaged"),
        update(Account).values(wake_at=NOW + timedelta(days=9)),
        update(Account).values(send_at=None),
        update(Position).values(overdue=1),
        update(StageTotal).values(balance=StageTotal.balance + 1),
    ],
    ids=["stage", "sleeps too long", "send_at", "position", "total"],
)
def test_verification_finds_what_does_not_follow_from_the_book(damage):
    an_overdue_account(late=1)
    automation.run(NOW)
    assert verification.verify(NOW).differences == 0

    db.session.execute(damage.execution_options(synchronize_session=False))
    db.session.commit()

    assert verification.verify(NOW).differences > 0


def test_payments_blocks_and_imports_during_passes_leave_a_book_that_verifies(app: Flask):
    ids = [an_overdue_account("1000.00 DKK", late=late) for late in range(1, 17)]
    numbers = dict(db.session.execute(select(Account.id, Account.number)).all())
    errors: list[BaseException] = []
    workers = [
        threading.Thread(target=_work, args=(app, work, seed, ids, numbers, errors))
        for seed, work in enumerate((_pay, _pay, _block, _import, _pass, _pass))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    automation.run(NOW)
    found = verification.verify(NOW)
    assert (found.accounts, found.differences) == (16, 0)
    twice = select(Message.engagement_id, Message.step).group_by(Message.engagement_id, Message.step)
    assert db.session.execute(twice.having(func.count() > 1)).all() == []


def _work(app: Flask, work, seed: int, ids: list[int], numbers: dict[int, str], errors: list[BaseException]) -> None:
    chance = random.Random(seed)
    with app.app_context():
        try:
            for turn in range(12):
                work(chance, turn, ids, numbers)
        except BaseException as error:
            errors.append(error)
        finally:
            db.session.remove()


def _pay(chance: random.Random, turn: int, ids: list[int], numbers: dict[int, str]) -> None:
    minor = chance.choice([100, 40_000, 100_000])
    number = f"p{turn}-{chance.random()}"
    entries.record(
        chance.choice(ids), kind="payment", number=number, issued_on=TODAY, currency="DKK", amount=minor, now=NOW
    )


def _block(chance: random.Random, turn: int, ids: list[int], numbers: dict[int, str]) -> None:
    account_id = chance.choice(ids)
    accounts.block(account_id, reason="asked", review_on=None, now=NOW, by_id=None)
    if turn % 2:
        accounts.unblock(account_id, now=NOW, by_id=None)


def _import(chance: random.Random, turn: int, ids: list[int], numbers: dict[int, str]) -> None:
    rows = [
        f"{numbers[account_id]},invoice,i{turn}-{account_id},2026-01-01,2026-0{chance.randint(1, 3)}-01,DKK,12.50"
        for account_id in chance.sample(ids, 5)
    ]
    content = "\n".join(["account,kind,number,issued_on,due_on,currency,amount", *rows]).encode()
    assert import_entries(content, options=Options(), now=NOW).rejected == 0


def _pass(chance: random.Random, turn: int, ids: list[int], numbers: dict[int, str]) -> None:
    automation.run(NOW)
