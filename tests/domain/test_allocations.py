"""One account's book: whatever is done to it, the amounts hold, today and on any earlier day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiseops.domain.allocations import Allotment, Book
from wiseops.domain.errors import Refused

FIRST = date(2026, 1, 1)


@dataclass(eq=False)
class ALine:
    number: str
    amount: int
    kind: str = "invoice"
    issued_on: date = FIRST
    due_on: date = FIRST
    currency: str = "DKK"
    allocate_to: str = ""
    waiting: bool = False
    reverses_id: int | None = None
    open: int = 0

    def __post_init__(self) -> None:
        self.open = self.amount


def a_payment(number: str, amount: int, **columns: object) -> ALine:
    return ALine(number, -amount, kind="payment", **columns)  # type: ignore[arg-type]


def posted(*lines: ALine, automatic: bool = True) -> Book[ALine]:
    book: Book[ALine] = Book(automatic=automatic)
    for line in lines:
        book.post(line)
    return book


def test_more_than_is_open_is_never_allocated():
    invoice, payment = ALine("1", 100), a_payment("P", 60)
    book = posted(invoice, payment, automatic=False)

    with pytest.raises(Refused):
        book.allocate(invoice, payment, 61)
    book.allocate(invoice, payment, 60)

    assert (invoice.open, payment.open) == (40, 0)


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_or_less_is_never_allocated(amount: int):
    invoice, payment = ALine("1", 100), a_payment("P", 60)

    with pytest.raises(Refused):
        posted(invoice, payment, automatic=False).allocate(invoice, payment, amount)


def test_two_debits_are_never_allocated_to_each_other():
    one, two = ALine("1", 100), ALine("2", 100)

    with pytest.raises(Refused):
        posted(one, two).allocate(one, two, 10)


def test_a_named_invoice_in_another_currency_keeps_the_credit_waiting():
    payment = a_payment("P", 60, allocate_to="1")
    posted(payment, ALine("1", 100, currency="EUR"))
    assert payment.waiting

    other = a_payment("P", 60, allocate_to="1")
    posted(other, ALine("1", 100, currency="EUR"), ALine("1", 100))
    assert (other.waiting, other.open) == (False, 0)


def test_what_an_undo_freed_is_used_no_earlier_than_that_day():
    one, two = ALine("1", 100), ALine("2", 100)
    payment = a_payment("P", 100, issued_on=FIRST + timedelta(days=5))
    book = posted(one, payment, two)

    book.undo(book.made[0], FIRST + timedelta(days=20))
    book.settle(payment)

    assert book.made[1].debit is one
    assert book.made[1].effective_on == FIRST + timedelta(days=20)


def test_a_credit_that_waits_is_not_allocated_automatically():
    invoice, payment = ALine("1", 100), a_payment("P", 60, allocate_to="9")
    book = posted(invoice, payment)

    book.settle_all()

    assert (invoice.open, payment.open) == (100, -60)


def test_a_waiting_credit_may_be_allocated_by_hand():
    invoice, payment = ALine("1", 100), a_payment("P", 60, allocate_to="9")
    book = posted(invoice, payment)

    book.allocate(invoice, payment, 60)

    assert not payment.waiting


def two_of_which_one_is_disputed() -> tuple[ALine, ALine]:
    return ALine("1", 100), ALine("2", 50, due_on=FIRST + timedelta(days=1))


@pytest.mark.parametrize("kind", ["payment", "credit_note", "write_off"])
@pytest.mark.parametrize(("named", "opens"), [("", (30, 0)), ("1", (0, 30))], ids=["names nothing", "names it"])
def test_credit_that_names_nothing_pays_what_rests_last(kind: str, named: str, opens: tuple[int, int]):
    disputed, other = two_of_which_one_is_disputed()
    book: Book[ALine] = Book((disputed, other), resting={disputed: 30})
    book.post(ALine("C", -120, kind, allocate_to=named))
    assert (disputed.open, other.open) == opens

    book.post(ALine("D", -40, kind))
    assert (disputed.open, other.open, book.lines[-1].open) == (0, 0, -10)


@pytest.mark.parametrize(("kind", "opens"), [("payment", (60, 50)), ("credit_note", (100, 10))])
def test_a_credit_note_that_names_nothing_takes_what_nobody_disputes_first(kind: str, opens: tuple[int, int]):
    disputed, other = two_of_which_one_is_disputed()
    Book((disputed, other), resting={disputed: 30}).post(ALine("C", -40, kind))
    assert (disputed.open, other.open) == opens


days = st.integers(0, 30).map(lambda days: FIRST + timedelta(days=days))
numbers = st.sampled_from(["", "1", "2", "3", "4"])
kinds = st.sampled_from(["invoice", "refund", "payment", "credit_note", "adjustment"])


@st.composite
def lines(draw: st.DrawFn) -> ALine:
    kind = draw(kinds)
    credit = kind in ("payment", "credit_note") or (kind == "adjustment" and draw(st.booleans()))
    amount = draw(st.integers(1, 9)) * (-1 if credit else 1)
    currency = draw(st.sampled_from(["DKK", "DKK", "EUR"]))
    named = draw(numbers) if kind != "invoice" else ""
    return ALine(draw(numbers), amount, kind, draw(days), draw(days), currency, named)


steps = st.one_of(lines(), st.tuples(st.sampled_from(["undo", "release", "settle"]), st.integers(0, 50), days))


@settings(max_examples=250, deadline=None)
@given(st.lists(steps, max_size=25), st.booleans())
def test_whatever_happens_the_amounts_hold_on_every_day(story: list, automatic: bool):
    book: Book[ALine] = Book(automatic=automatic)
    for step in story:
        if isinstance(step, ALine):
            book.post(step)
            continue
        what, which, on = step
        standing = [allotment for allotment in book.made if allotment not in book.undone]
        if what == "undo" and standing:
            book.undo(standing[which % len(standing)], on)
        if what == "release" and book.lines:
            book.release(book.lines[which % len(book.lines)], on)
        if what == "settle":
            book.settle_all()
    for line in book.lines:
        check(line, book)


def check(line: ALine, book: Book[ALine]) -> None:
    mine: list[Allotment[ALine]] = [each for each in book.made if line in (each.debit, each.credit)]
    assert all(each.debit.currency == each.credit.currency for each in mine)
    assert all(each.effective_on >= max(each.debit.issued_on, each.credit.issued_on) for each in mine)
    standing = sum(each.amount for each in mine if each.undone_on is None)
    assert standing + abs(line.open) == abs(line.amount)
    assert line.open * line.amount >= 0
    for days in range(32):
        on = FIRST + timedelta(days=days)
        then = sum(each.amount for each in mine if each.effective_on <= on)
        then -= sum(each.amount for each in mine if each.undone_on is not None and each.undone_on <= on)
        assert 0 <= then <= abs(line.amount)
