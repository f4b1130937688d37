"""Roles and passwords."""

from __future__ import annotations

import pytest

from wiseops.domain.errors import Refused
from wiseops.domain.users import Role, accept_email, accept_password, includes


@pytest.mark.parametrize("held", ["collector", "manager", "admin"])
def test_each_role_includes_the_ones_before_it(held: str):
    order = list(Role)
    assert [includes(held, role) for role in order] == [order.index(Role(held)) >= order.index(role) for role in order]


@pytest.mark.parametrize("held", ["", "agency", "root"])
def test_an_unknown_role_may_do_nothing(held: str):
    assert not any(includes(held, role) for role in Role)


@pytest.mark.parametrize("email", ["Ida@Example.com", " ida@localhost ", "a.b+c@x.co.uk"])
def test_an_address_is_kept_in_lower_case(email: str):
    assert accept_email(email) == email.strip().lower()


@pytest.mark.parametrize(
    "email", ["", "ida", "@x", "ida@", "a b@x.dk", "a@b@c", "a@x..dk", "a\n@x.dk", "a\0@x.dk", "x" * 260 + "@x"]
)
def test_what_is_no_address_is_refused(email: str):
    with pytest.raises(Refused):
        accept_email(email)


def test_a_long_password_is_accepted():
    assert accept_password("correct horse battery", email="ida@example.com") == "correct horse battery"


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaa", "Ida.Holm@example.com", "ida.holm"])
def test_a_password_easy_to_guess_is_refused(password: str):
    with pytest.raises(Refused):
        accept_password(password, email="ida.holm@example.com")
