"""Who is left alone: a rule or a list, never everyone by mistake."""

import pytest
from flask import Flask

from tests.factories import NOW, an_account
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.models import Automation
from wiseops.queries import exclusions as queries
from wiseops.services import exclusions

PUBLIC = Conditions(tags=frozenset({"public"}))


def rules_version() -> int:
    return db.session.get_one(Automation, 1, populate_existing=True).rules_version


def test_a_rule_is_kept_and_wakes_every_account(app: Flask):
    before = rules_version()

    exclusion_id, changed = exclusions.save(None, name="Public sector", conditions=PUBLIC, now=NOW)
    again = exclusions.save(exclusion_id, name="Public sector", conditions=PUBLIC, now=NOW)

    [listed] = queries.everything()
    assert (changed, again) == (True, (exclusion_id, False))
    assert (listed.name, listed.conditions, listed.active) == ("Public sector", PUBLIC, True)
    assert rules_version() == before + 1


def test_an_empty_rule_is_refused(app: Flask):
    with pytest.raises(Refused, match="every account"):
        exclusions.save(None, name="Oops", conditions=Conditions(), now=NOW)

    assert not queries.everything()


def test_a_list_holds_the_accounts_of_its_numbers(app: Flask):
    first, _second = an_account(number="1001"), an_account(number="1002")

    exclusion_id, _ = exclusions.save(None, name="Partners", conditions=None, numbers=["1001", "1002", "1001"], now=NOW)
    assert queries.numbers(exclusion_id) == ["1001", "1002"]

    assert exclusions.save(exclusion_id, name="Partners", conditions=None, numbers=["1001"], now=NOW)[1]
    assert queries.account_ids(exclusion_id) == [first]


def test_unknown_numbers_are_named_on_the_field(app: Flask):
    an_account(number="1001")

    with pytest.raises(Refused, match=r"1, 2, 3, 4, 5 and 2 more") as refused:
        exclusions.save(None, name="Partners", conditions=None, numbers=["1001", *"1234567"], now=NOW)

    assert refused.value.field == "numbers"
    assert not queries.everything()


@pytest.mark.parametrize(("name", "numbers", "field"), [("", ["1001"], "name"), ("List", [], "numbers")])
def test_a_list_needs_a_name_and_a_number(app: Flask, name: str, numbers: list[str], field: str):
    an_account(number="1001")

    with pytest.raises(Refused) as refused:
        exclusions.save(None, name=name, conditions=None, numbers=numbers, now=NOW)

    assert refused.value.field == field


def test_a_name_is_there_once(app: Flask):
    exclusions.save(None, name="Public sector", conditions=PUBLIC, now=NOW)

    with pytest.raises(Refused, match="already"):
        exclusions.save(None, name="Public sector", conditions=PUBLIC, now=NOW)


def test_it_is_switched_off_and_removed(app: Flask):
    an_account(number="1001")
    exclusion_id, _ = exclusions.save(None, name="Partners", conditions=None, numbers=["1001"], now=NOW)
    before = rules_version()

    exclusions.save(exclusion_id, name="Partners", conditions=None, numbers=["1001"], active=False, now=NOW)
    assert not queries.row(exclusion_id).active
    exclusions.remove(exclusion_id, now=NOW)

    with pytest.raises(NotFound):
        queries.row(exclusion_id)
    assert rules_version() == before + 2
