"""What may describe an account."""

import pytest

from wiseops.domain import accounts
from wiseops.domain.accounts import Details
from wiseops.domain.errors import Refused


def test_details_are_trimmed_and_in_their_usual_case():
    checked = accounts.check(Details(" 10 ", " Nordlys ", country="dk", language="DA", tags=frozenset({" vip ", ""})))

    assert (checked.number, checked.name, checked.country, checked.language) == ("10", "Nordlys", "DK", "da")
    assert checked.tags == {"vip"}
    assert checked.search == "10 nordlys"


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", " "), ("name", ""), ("name", "a\x00b"), ("name", "x" * 201), ("kind", "charity"), ("country", "XX1"),
     ("language", "q"), ("timezone", "Mars/Base"), ("city", "a\nb")],
)  # fmt: skip
def test_what_cannot_be_is_refused_on_its_field(field: str, value: str):
    fields = {"number": "1", "name": "A"} | {field: value}

    with pytest.raises(Refused) as refused:
        accounts.check(Details(**fields))
    assert refused.value.field == field
