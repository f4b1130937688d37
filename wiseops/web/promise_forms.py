"""The form of a promise to pay: an amount per currency and day, over the balance or chosen invoices."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from wiseops.domain.money import Money
from wiseops.domain.positions import Book, Standing
from wiseops.domain.promises import MOST_PARTS, Part, propose
from wiseops.queries import users
from wiseops.services.promises import LONGEST_NOTES, Draft, Making
from wiseops.web.forms import DateField, Form, MoneyField, options

EVERY_DAYS = 7
_AMOUNT = re.compile(r"amount_\d+_([A-Z]{3})")


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be promised today; `codes` the currencies a form asks for."""

    book: Book
    codes: tuple[str, ...]

    @classmethod
    def of(
        cls, book: Book, *, taken: Collection[str], only: str | None = None, typed: Mapping[str, Any] | None = None
    ) -> Offer:
        """The currencies with something collectable that no promise has `taken`, or `only` one; and those typed."""
        codes = [code for code, position in book.positions.items() if position.collectable and only in (None, code)]
        codes = [code for code in codes if code not in taken]
        named = [found[1] for name in typed or () if (found := _AMOUNT.fullmatch(name))]
        return cls(book, tuple(dict.fromkeys([*sorted(codes), *named])))

    @property
    def standings(self) -> list[Standing]:
        """The items that can be chosen, oldest first."""
        return [s for s in self.book.overdue if s.collectable and s.item.currency in self.codes]

    def total(self, code: str, chosen: Sequence[int] | None) -> int:
        """What is collectable of a currency, or of the chosen items in it."""
        if chosen is None:
            return self.book.positions[code].collectable if code in self.book.positions else 0
        return sum(s.collectable for s in self.standings if s.item.currency == code and s.item.id in chosen)


class PromiseForm(Form):
    """Rows of a day and an amount per currency; one row unless there are instalments."""

    token = HiddenField()
    rows = HiddenField()
    replaces = HiddenField()
    reason = StringField(_l("Why is it replaced?"), [Optional(), Length(max=200)])
    over = RadioField(
        _l("Covers"), choices=options([("balance", _l("The balance, oldest first")), ("items", _l("Chosen invoices"))])
    )
    items = SelectMultipleField(_l("Invoices"), coerce=int, option_widget=CheckboxInput(), validate_choice=False)
    count = IntegerField(_l("Instalments"), [Optional(), NumberRange(1, MOST_PARTS)])
    every = IntegerField(_l("Days between"), [Optional(), NumberRange(1, 365)])
    assignee = SelectField(_l("Followed up by"))
    notes = TextAreaField(_l("Notes"), [Optional(), Length(max=LONGEST_NOTES)])

    codes: tuple[str, ...] = ()
    lines: int = 1

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignee.choices = options([("", _("Nobody")), *((str(user.id), user.name) for user in users.active())])
        self.token.data = self.token.data or secrets.token_urlsafe(24)
        self.over.data = self.over.data or "balance"
        self.rows.data = str(self.lines)

    @property
    def chosen(self) -> list[int] | None:
        """The items that were ticked; None over the balance."""
        return list(self.items.data or ()) if self.over.data == "items" else None

    @property
    def table(self) -> list[tuple[Any, list[Any]]]:
        """Each row's day and its amounts."""
        return [(self[f"due_on_{n}"], [self[f"amount_{n}_{code}"] for code in self.codes]) for n in range(self.lines)]

    def propose(self, offer: Offer, today: date) -> None:
        """Fills the rows in with what can be promised, divided into instalments."""
        every = self.every.data or EVERY_DAYS
        first = self["due_on_0"].data or (today + timedelta(days=every) if self.lines > 1 else None)
        for code in self.codes:
            total = offer.total(code, self.chosen)
            for n, part in enumerate(propose(total, first or today, self.lines, every)):
                self._put(f"amount_{n}_{code}", Money(part.amount, code) if part.amount else None)
                self._put(f"due_on_{n}", part.due_on if first else None)

    def _put(self, name: str, value: Any) -> None:
        """The value, in place of what was typed."""
        self[name].data, self[name].raw_data = value, None

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        is_valid = bool(super().validate(*args, **kwargs))
        for day, amounts in self.table:
            if any(amount.data for amount in amounts) and day.data is None and not day.errors:
                day.errors = [_("Say by which day.")]
                is_valid = False
        if is_valid and not any(amount.data for _day, amounts in self.table for amount in amounts):
            self.table[0][1][0].errors = [_("Say how much is promised.")]
            is_valid = False
        return is_valid

    def drafts(self, offer: Offer) -> list[Draft]:
        """What was typed: a promise per currency that has an amount."""
        drafts = []
        for column, code in enumerate(self.codes):
            typed = [(amounts[column].data, day.data) for day, amounts in self.table]
            parts = tuple(Part(money.minor, due_on) for money, due_on in typed if money)
            if parts:
                drafts.append(Draft(code, parts, self._items(offer, code)))
        return drafts

    def making(self) -> Making:
        """What goes with it."""
        chosen, replaces = self.assignee.data, self.replaces.data or ""
        return Making(
            notes=self.notes.data or "",
            assignee_id=int(chosen) if chosen else None,
            replaces_id=int(replaces) if replaces.isdecimal() else None,
            reason=self.reason.data or "",
        )

    def _items(self, offer: Offer, code: str) -> frozenset[int] | None:
        """The ticked items of the currency; one that is gone stays, for the service to say so."""
        if self.chosen is None:
            return None
        elsewhere = {s.item.id for s in offer.book.standings if s.item.currency != code}
        return frozenset(self.chosen) - elsewhere


def build(offer: Offer, given: MultiDict[str, str] | None, *, lines: int, **data: Any) -> PromiseForm:
    """The form for what is offered, with what was typed in it."""
    rows: dict[str, Any] = {"codes": offer.codes, "lines": min(max(lines, 1), MOST_PARTS)}
    for n in range(rows["lines"]):
        rows[f"due_on_{n}"] = DateField(_("By"), [InputRequired()] if n == 0 else [Optional()])
        for code in offer.codes:
            rows[f"amount_{n}_{code}"] = MoneyField(_("Amount in %(code)s", code=code), [Optional()], currency=code)
    form: PromiseForm = type("PromiseForm", (PromiseForm,), rows)(formdata=given, data=data)
    form.items.choices = options((s.item.id, s.item.number) for s in offer.standings)
    return form
