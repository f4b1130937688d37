"""What people type, and how values look."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from wtforms import SelectField
from wtforms.validators import InputRequired

from wiseops.domain.errors import Refused
from wiseops.domain.money import Money
from wiseops.web import filters, texts
from wiseops.web.exports import csv_response
from wiseops.web.forms import DateField, Form, MoneyField, options


class PaymentForm(Form):
    """An amount in the chosen currency, on a day."""

    amount = MoneyField("Amount", [InputRequired()], currency_field="currency")
    currency = SelectField("Currency", choices=options([("DKK", "DKK"), ("JPY", "JPY")]))
    on = DateField("On")


def filled(app: Flask, locale: str, **typed: str) -> PaymentForm:
    app.config["WTF_CSRF_ENABLED"] = False
    data = {"amount": "1", "currency": "DKK", "on": "2026-03-02"} | typed
    with app.test_request_context(method="POST", data=data), texts.speaking(locale):
        form = PaymentForm()
        form.validate()
        return form


@pytest.mark.parametrize(
    ("locale", "typed", "minor"),
    [
        ("en", "1,234.50", 123450),
        ("en", "1234.5", 123450),
        ("da", "1.234,50", 123450),
        ("da", "1234,5", 123450),
        ("da", " 1.234 ", 123400),
        ("nb", "1 234,50", 123450),
        ("nb", "1\u00a0234,50", 123450),
        ("nb", "−5,00", -500),
    ],
)
def test_an_amount_is_read_as_its_reader_writes_it(app: Flask, locale: str, typed: str, minor: int):
    form = filled(app, locale, amount=typed)
    assert form.errors == {}
    assert form.amount.data == Money(minor, "DKK")


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        ("en", "1.234,56"),
        ("en", "12,34"),
        ("da", "1,234.50"),
        ("da", "12.34"),
        ("en", "1e5"),
        ("en", "1_000"),
        ("en", "NaN"),
        ("en", "1.005"),
        ("en", "12 kr"),
        ("en", "9" * 20),
        ("en", "٣"),
    ],
)
def test_an_amount_that_could_mean_something_else_is_refused(app: Flask, locale: str, typed: str):
    form = filled(app, locale, amount=typed)
    assert form.amount.errors
    assert form.amount._value() == typed


def test_an_amount_has_the_decimals_of_its_currency(app: Flask):
    assert filled(app, "en", amount="1,234", currency="JPY").amount.data == Money(1234, "JPY")
    assert filled(app, "en", amount="1.5", currency="JPY").amount.errors


def test_an_empty_amount_is_asked_for(app: Flask):
    assert filled(app, "en", amount="").amount.errors == ["This field is required."]


def test_a_slip_in_the_year_is_refused(app: Flask):
    assert filled(app, "en", on="0206-03-02").on.errors == ["Check the year."]


def test_what_a_service_refuses_stands_on_its_field_or_above_the_form(app: Flask):
    form = filled(app, "en")
    form.refuse(Refused("Too much.", "amount"))
    form.refuse(Refused("Closed."))
    assert form.amount.errors == ["Too much."]
    assert form.form_errors == ["Closed."]


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("en", "-1,234,567.80 DKK"), ("da", "-1.234.567,80 DKK"), ("nb", "-1 234 567,80 DKK")],
)
def test_money_looks_as_its_reader_writes_it(app: Flask, locale: str, shown: str):
    with app.test_request_context(), texts.speaking(locale):
        assert filters.money(-123456780, "DKK").replace("\u00a0", " ") == shown
        assert filters.money(5, "JPY").replace("\u00a0", " ") == "5 JPY"


def test_a_moment_is_shown_where_the_company_is(app: Flask):
    with app.test_request_context(), texts.speaking("da"):
        assert filters.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2. jul. 2026 00.30"
        assert filters.day(date(2026, 7, 1)) == "1. jul. 2026"
        assert filters.day(None) == "–"


def test_no_cell_of_an_export_runs_in_a_spreadsheet(app: Flask):
    with app.test_request_context():
        response = csv_response("accounts", ["name", "amount"], [["=1+1", -5], ["@x", 1], ["-a", 2], ["A, B", 3]])
        lines = response.get_data(as_text=True).splitlines()
    assert lines == ["\ufeffname,amount", "'=1+1,-5", "'@x,1", "'-a,2", '"A, B",3']
