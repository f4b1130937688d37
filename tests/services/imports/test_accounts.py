"""What a file of accounts does."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import SHARED
from tests.factories import NOW, an_account
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Contact, User
from wiseops.services.imports import Answer, Options, import_accounts

HEADER = "number,name,email,phone,country,language,timezone,kind,street,postal_code,city,tags,collector"
IBM = SHARED / "ibm-late-payment" / "WA_Fn-UseC_-Accounts-Receivable.csv"
FULL = "0042,Ærø Færgefart,kasse@example.com,20 12 34 56,DK,da,,business,Havnen 1,5970,Ærøskøbing,vip;ferry,"


def read(*rows: str, header: str = HEADER, **options: bool) -> Answer:
    return import_accounts("\n".join([header, *rows, ""]).encode(), options=Options(**options), now=NOW)


def counts(answer: Answer) -> tuple[int, int, int, int, int]:
    return answer.rows, answer.created, answer.updated, answer.unchanged, answer.rejected


def the_account(number: str = "0042") -> Account:
    return db.session.scalars(
        select(Account).where(Account.number == number).execution_options(populate_existing=True)
    ).one()


def contacts() -> list[tuple[str | None, str | None, str, bool, bool]]:
    columns = (Contact.email, Contact.phone, Contact.phone_given, Contact.default_email, Contact.default_sms)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Contact.id))]


def a_collector(email: str = "kim@example.com") -> int:
    user = User(
        email=email, name="Kim", password_hash="", role="collector", created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    db.session.add(user)
    db.session.commit()
    return user.id


def test_an_account_is_opened_with_its_default_contact_tags_and_collector(app: Flask):
    kim = a_collector()

    answer = read(FULL + "Kim@Example.com")

    assert counts(answer) == (1, 1, 0, 0, 0)
    account = the_account()
    assert (account.name, account.country, account.city, account.owner_id) == ("Ærø Færgefart", "DK", "Ærøskøbing", kim)
    assert account.decided_at == NOW
    assert contacts() == [("kasse@example.com", "+4520123456", "20 12 34 56", True, True)]
    assert set(db.session.scalars(select(AccountTag.tag))) == {"vip", "ferry"}


def test_number_and_name_are_enough(app: Flask):
    assert counts(read("7,Acme", header="number,name")) == (1, 1, 0, 0, 0)
    assert contacts() == []


def test_the_same_file_again_changes_nothing(app: Flask):
    read(FULL, "43,Nordlys,,,,,,,,,,,")
    rev = the_account().rev

    assert counts(read(FULL, "43,Nordlys,,,,,,,,,,,")) == (2, 0, 0, 2, 0)
    assert the_account().rev == rev


def test_what_changed_is_an_update_and_an_empty_cell_changes_nothing(app: Flask):
    read(FULL)

    answer = read("0042,Ærø Færger,ny@example.com,,,,,,,,,,")

    assert counts(answer) == (1, 0, 1, 0, 0)
    account = the_account()
    assert (account.name, account.city) == ("Ærø Færger", "Ærøskøbing")
    assert contacts() == [("ny@example.com", "+4520123456", "20 12 34 56", True, True)]


def test_a_contact_is_added_where_the_account_had_none(app: Flask):
    an_account(number="0042", name="Nordlys")

    assert counts(read("0042,Nordlys,a@example.com", header="number,name,email")) == (1, 0, 1, 0, 0)
    assert contacts() == [("a@example.com", None, "", True, False)]


def test_an_invalid_phone_number_is_kept_as_given_and_never_texted(app: Flask):
    assert counts(read("7,Acme,12,DK", header="number,name,phone,country")) == (1, 1, 0, 0, 0)
    assert contacts() == [(None, None, "12", False, False)]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("7,Acme,nonsense,,,,,,,,,,", "email"),
        ("7,Acme,,,ZZ,,,,,,,,", "country"),
        ("7,Acme,,,,klingon,,,,,,,", "language"),
        ("7,Acme,,,,,Mars/Base,,,,,,", "timezone"),
        ("7,Acme,,,,,,alien,,,,,", "kind"),
        ("7,Acme,,,,,,,,,,,nobody@example.com", "collector"),
        ("7,,,,,,,,,,,,", "name"),
        ("7.0,Acme,,,,,,,,,,,", "number"),
        ("7,Acme", ""),
    ],
)
def test_a_row_that_cannot_be_is_rejected_and_nothing_is_imported(app: Flask, row: str, field: str):
    answer = read("6,Fine,,,,,,,,,,,", row)

    assert counts(answer) == (2, 0, 0, 0, 1)
    assert [(problem.row, problem.field) for problem in answer.problems] == [(3, field)]
    assert db.session.scalars(select(Account)).all() == []


def test_a_number_that_comes_twice_is_rejected(app: Flask):
    answer = read("7,Acme", "7,Acme", header="number,name")
    assert [problem.message for problem in answer.problems] == ["Row 2 has account 7 already."]


def test_a_danish_kind_is_understood(app: Flask):
    read("7,Acme,Privat", header="number,name,kind")
    assert the_account("7").kind == "consumer"


@pytest.mark.skipif(not IBM.exists(), reason="the late-payment file is not here: ../shared/data/ibm-late-payment")
def test_the_late_payment_file_opens_its_hundred_customers(app: Flask):
    content = IBM.read_bytes()

    assert counts(import_accounts(content, options=Options(), now=NOW)) == (2466, 100, 0, 2366, 0)
    assert counts(import_accounts(content, options=Options(), now=NOW)) == (2466, 0, 0, 2466, 0)
