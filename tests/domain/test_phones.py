"""Phone numbers."""

import pytest

from wiseops.domain import phones


@pytest.mark.parametrize(
    ("given", "country", "number"),
    [
        ("20 12 34 56", "DK", "+4520123456"),
        ("0045 20123456", "DK", "+4520123456"),
        ("+47 912 34 567", "DK", "+4791234567"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("12", "DK", None),
        ("20 12 34 56", None, None),
        ("call reception", "DK", None),
        ("", "DK", None),
    ],
)
def test_a_number_has_one_spelling_or_none(given: str, country: str | None, number: str | None):
    assert phones.e164(given, country) == number


def test_a_number_is_shown_with_spaces():
    assert phones.shown("+4520123456") == "+45 20 12 34 56"


def test_what_is_no_number_is_shown_as_it_is():
    for sender in ("ACME", "1204", "mette@example.com", "", "+"):
        assert phones.shown(sender) == sender
