"""The statement of an account: what is open, how old it is, and how to pay; as a page to print and as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from wiseops.config import ROOT
from wiseops.domain.templates import language_of
from wiseops.formats import pdfs
from wiseops.models import Entry
from wiseops.queries import accounts, company, disputes, entries
from wiseops.services import files
from wiseops.web import filters
from wiseops.web.clock import today
from wiseops.web.labels import AGES
from wiseops.web.labels import ENTRY_KINDS as KINDS
from wiseops.web.texts import gettext as _
from wiseops.web.texts import speaking

bp = Blueprint("statements", __name__, url_prefix="/accounts/<int:account_id>")

LAYOUT = ROOT / "templates" / "pdf" / "statement.typ"


@bp.get("/statement")
def show(account_id: int) -> ResponseReturnValue:
    return render_template("statements/show.html", **_statement(account_id), kinds=KINDS)


@bp.get("/statement.pdf")
def pdf(account_id: int) -> ResponseReturnValue:
    """The same as a file; it is written in the reader's language."""
    headers = {"Content-Disposition": f'inline; filename="statement-{account_id}-{today().isoformat()}.pdf"'}
    return Response(document(account_id), mimetype="application/pdf", headers=headers)


def document(account_id: int, *, language: str | None = None) -> bytes:
    """The statement as a PDF, in this language or else the reader's."""
    with speaking(language_of(language)) if language else nullcontext():
        facts = _statement(account_id)
        logo_id = facts["company"].logo_id
        return pdfs.render(LAYOUT, _facts(**facts), picture=b"".join(files.read(logo_id)) if logo_id else b"")


def _statement(account_id: int) -> dict[str, Any]:
    account, still_open = accounts.get(account_id), entries.still_open(account_id)
    standings = entries.standings(still_open, today())
    rests = disputes.resting(still_open, disputes.of_account(account_id, resting=True))
    lines = {standing.currency: [e for e in still_open if e.currency == standing.currency] for standing in standings}
    return {
        "account": account, "company": company.get(), "standings": standings, "lines": lines, "today": today(),
        "rests": rests,
    }  # fmt: skip


def _facts(
    *, account: Any, company: Any, standings: Sequence[Any], lines: Any, today: Any, rests: dict[int, int]
) -> dict[str, Any]:
    """The statement as texts."""
    place = " ".join(part for part in (account.postal_code, account.city) if part)
    number = _("Account %(number)s", number=account.number)
    return {
        "title": _("Statement of account"),
        "as_of": _("As of %(day)s", day=filters.day(today)),
        "language": str(get_locale() or "en"),
        "to": [part for part in (account.name, account.street, place, number) if part],
        "from": [company.name, *company.address.splitlines()],
        "columns": [_("Date"), _("Entry"), _("Due"), _("Days overdue"), _("Amount"), _("Open")],
        "parts": [
            {
                "rows": [_row(entry, today, rests.get(entry.id, 0)) for entry in lines[standing.currency]],
                "label": _("To pay") if standing.net >= 0 else _("In your favour"),
                "total": filters.money(abs(standing.net), standing.currency),
                "ages": [_age(bucket, minor, standing.currency) for bucket, minor in standing.buckets.items() if minor],
            }
            for standing in standings
        ],
        "nothing": _("Nothing is open"),
        "how_to_pay_title": _("How to pay"),
        "how_to_pay": company.how_to_pay.splitlines() if standings else [],
    }


def _row(entry: Entry, today: Any, rests: int) -> list[str]:
    days = (today - entry.due_on).days if entry.amount > 0 else 0
    return [
        filters.day(entry.issued_on),
        f"{KINDS[entry.kind]} {entry.number}" + (f" ({_disputed(entry, rests)})" if rests else ""),
        filters.day(entry.due_on) if entry.amount > 0 else "",
        str(days) if days > 0 else "",
        filters.amount(entry.amount, entry.currency),
        filters.amount(entry.open, entry.currency),
    ]


def _age(bucket: str, minor: int, currency: str) -> dict[str, Any]:
    return {"bucket": bucket, "minor": minor, "name": str(AGES[bucket]), "amount": filters.amount(minor, currency)}


def _disputed(entry: Entry, rests: int) -> str:
    return _("%(amount)s disputed", amount=filters.amount(rests, entry.currency))
