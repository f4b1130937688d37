"""What may describe a contact."""

import pytest

from wiseops.domain import contacts
from wiseops.domain.contacts import Details
from wiseops.domain.errors import Refused


@pytest.mark.parametrize("email", ["a@example.com", "o'neil+x@mail.example.co.uk", "søren@blåbær.dk", ""])
def test_an_address_that_can_be_one_is_taken(email: str):
    assert contacts.check(Details(name="A", email=f" {email} ")).email == email


@pytest.mark.parametrize(
    "email", ["a", "a@b", "a b@example.com", "a@@example.com", "<a@example.com>", "a@x.", "a,b@x.dk"]
)
def test_an_address_that_cannot_be_one_is_refused(email: str):
    with pytest.raises(Refused) as refused:
        contacts.check(Details(email=email))
    assert refused.value.field == "email"


def test_a_contact_is_more_than_nothing():
    with pytest.raises(Refused):
        contacts.check(Details())
