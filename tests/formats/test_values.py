"""Amounts, dates and numbers as sources write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiseops.domain.errors import Refused
from wiseops.formats import values


@pytest.mark.parametrize(
    ("text", "decimal", "minor"),
    [
        ("1234.5", ".", 123450),
        ("1,234.56", ".", 123456),
        ("1.234,56", ",", 123456),
        ("1 234,56", ",", 123456),
        ("1\u00a0234\u00a0567,00", ",", 123456700),
        ("1.234", ",", 123400),
        ("99", ",", 9900),
    ],
)
def test_an_amount_is_read_as_the_profile_says(text: str, decimal: str, minor: int):
    assert values.amount(text, "DKK", decimal=decimal, grouped=True) == minor


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.234,56", "not written like 1234.50"),
        ("1,234.56", "not written like 1234.50"),
        ("1234,5", "not written like 1234.50"),
        ("1.234", "more decimals"),
        ("-5.00", "negative"),
        ("5.00-", "negative"),
        ("(5.00)", "negative"),
        ("\u22125", "negative"),
        ("1.23E+10", "rounded"),
        ("kr. 5", "not an amount"),
        ("٥", "not an amount"),
        ("9" * 30, "larger"),
    ],
)
def test_an_amount_that_could_mean_something_else_is_refused(text: str, words: str):
    with pytest.raises(Refused, match=words):
        values.amount(text, "DKK")


def test_only_where_allowed_an_amount_carries_its_own_sign():
    assert values.amount("-5.00", "DKK", signed=True) == -500
    with pytest.raises(Refused):
        values.amount("--5.00", "DKK", signed=True)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from([".", ","]), st.booleans())
def test_every_amount_survives_being_written_and_read(minor: int, decimal: str, grouped: bool):
    text = f"{minor // 100:,}.{minor % 100:02}" if grouped else f"{minor // 100}.{minor % 100:02}"
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert values.amount(text, "EUR", decimal=decimal, grouped=grouped) == minor


@pytest.mark.parametrize("form", list(values.DATES))
def test_a_date_is_read_in_the_profiles_form_only(form: str):
    text = values.DATES[form][0]
    assert values.day(text, form) == date(2026, 3, 31)
    readable = [other for other in values.DATES if _reads(text, other)]
    assert readable == [form]


def _reads(text: str, form: str) -> bool:
    try:
        values.day(text, form)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("41275", "as Excel counts it .*2013-01-01"),
        ("41275.0", "as Excel counts it"),
        ("2013-13-02", "does not exist"),
        ("2013-02-30", "does not exist"),
        ("01/02/2013", "no date like 2026-03-31"),
        ("13-02-01", "no date like"),
        ("0013-02-01", "outside the years"),
        ("#####", "no date like"),
    ],
)
def test_a_mangled_date_is_refused(text: str, words: str):
    with pytest.raises(Refused, match=words):
        values.day(text, "iso")


def test_midnight_behind_a_date_is_no_harm():
    assert values.day("2026-03-31 00:00:00", "iso") == date(2026, 3, 31)
    assert values.day("2026-03-31T00:00", "iso") == date(2026, 3, 31)
    with pytest.raises(Refused):
        values.day("2026-03-31 12:30:00", "iso")


@pytest.mark.parametrize("text", ["1.23E+10", "1,23E+10", "7900770.0", "7900770,00"])
def test_a_number_that_became_a_float_is_refused(text: str):
    with pytest.raises(Refused):
        values.number(text)


@pytest.mark.parametrize("text", ["0000611365", "2013.17", "1E5", "INV/2026-001", "A 1"])
def test_a_number_is_kept_as_it_is(text: str):
    assert values.number(text) == text


def test_a_line_break_inside_a_value_becomes_a_space_and_a_control_character_is_refused():
    assert values.line("Nørre\nVoldgade\u00a07") == "Nørre Voldgade 7"
    with pytest.raises(Refused, match="control"):
        values.line("a\u200bb\x07")
