"""The words that accounts are found by, kept with every change of what they come from."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import select

from wiseops.domain import search
from wiseops.extensions import db
from wiseops.models import Account, AccountWord, Contact


def add(account_id: int, words: Iterable[str]) -> None:
    """Gives a new account its words."""
    if rows := [{"account_id": account_id, "word": word} for word in sorted(words)]:
        db.session.execute(sa.insert(AccountWord), rows)


def refresh(account_id: int) -> None:
    """Makes the words those of the account's number, name and contacts as they are now."""
    db.session.flush()
    number, name = db.session.execute(select(Account.number, Account.name).where(Account.id == account_id)).one()
    wanted = search.words(number) | search.words(name)
    columns = (Contact.email, Contact.phone, Contact.phone_given)
    for email, phone, given in db.session.execute(select(*columns).where(Contact.account_id == account_id)):
        wanted |= search.address_words(email, phone, given)
    of_account = AccountWord.account_id == account_id
    kept = set(db.session.scalars(select(AccountWord.word).where(of_account)))
    if gone := kept - wanted:
        db.session.execute(sa.delete(AccountWord).where(of_account, AccountWord.word.in_(gone)))
    add(account_id, wanted - kept)
