"""Accounts: the list, the search, opening one and changing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.auth import me
from wiseops.domain import money
from wiseops.domain.accounts import Details
from wiseops.domain.errors import Refused
from wiseops.queries import accounts as found
from wiseops.queries import users
from wiseops.queries.accounts import Wanted
from wiseops.services import accounts
from wiseops.web import frames, labels
from wiseops.web.clock import now
from wiseops.web.exports import csv_response
from wiseops.web.forms import options
from wiseops.web.htmx import go, show, wants_fragment
from wiseops.web.shared_forms import SharedForm

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

PAGE = 50
WORDS = ("q", "owner", "stage", "tag", "country", "held", "sort")
KINDS = (("business", lazy_gettext("Business")), ("consumer", lazy_gettext("Consumer")))
LANGUAGES = (("", lazy_gettext("As the company")), ("en", "English"), ("da", "Dansk"), ("nb", "Norsk"))


class AccountForm(SharedForm):
    """What describes an account."""

    number = StringField(lazy_gettext("Number"), [InputRequired(), Length(max=60)])
    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=200)])
    kind = SelectField(lazy_gettext("Kind"), choices=options(KINDS))
    owner_id = SelectField(lazy_gettext("Collector"), coerce=lambda value: int(value) if value else None)
    street = StringField(lazy_gettext("Street"), [Optional(), Length(max=200)])
    postal_code = StringField(lazy_gettext("Postal code"), [Optional(), Length(max=40)])
    city = StringField(lazy_gettext("City"), [Optional(), Length(max=200)])
    country = StringField(lazy_gettext("Country"), [Optional(), Length(max=2)])
    language = SelectField(lazy_gettext("Language"), choices=options(LANGUAGES))
    timezone = StringField(lazy_gettext("Time zone"), [Optional(), Length(max=40)])
    tags = StringField(lazy_gettext("Tags"), [Optional(), Length(max=400)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(user.id, user.name) for user in users.everyone() if user.active]
        self.owner_id.choices = options([("", _("Nobody")), *people])
        language = self.language.object_data
        if language and language not in dict(LANGUAGES):
            self.language.choices = options([*LANGUAGES, (language, language)])

    def details(self) -> Details:
        """What was typed, for the service to check."""
        fields = ("number", "name", "kind", "street", "postal_code", "city", "country", "language", "timezone")
        typed = {name: self[name].data or "" for name in fields}
        return Details(**typed, tags=frozenset((self.tags.data or "").split(",")))


@bp.get("")
def index() -> ResponseReturnValue:
    wanted, page = _wanted(), max(1, request.args.get("page", 1, int))
    total = found.count(wanted)
    rows = found.rows(wanted, offset=(page - 1) * PAGE, limit=PAGE)
    if total == 1 and set(request.args) == {"q"} and not wants_fragment():
        return go(url_for("accounts.show", account_id=rows[0].id))
    return show(
        "accounts/index.html", "accounts/_list.html",
        wanted=wanted, rows=rows, total=total, page_number=page, pages=-(-total // PAGE), start=(page - 1) * PAGE,
        people=users.everyone(), stages=labels.STAGES, tags=found.every_tag(), query=_query,
    )  # fmt: skip


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    header = ("number", "name", "collector", "stage", "held", "currency", "balance", "overdue", "collectable")

    def lines() -> Any:
        for row in found.rows(_wanted(), limit=1_000_000):
            start = (row.number, row.name, row.owner or "", row.stage, row.held or "")
            for position in row.positions or ():
                sums = (position.balance, position.overdue, position.collectable)
                amounts = [money.Money(minor, position.currency).amount for minor in sums]
                yield (*start, position.currency, *amounts)
            if not row.positions:
                yield (*start, "", "", "", "")

    return csv_response("accounts", header, lines())


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template("accounts/new.html", form=AccountForm())


@bp.post("")
def create() -> ResponseReturnValue:
    form = AccountForm()
    if form.validate():
        try:
            account_id = accounts.create(form.details(), owner_id=form.owner_id.data, now=now(), by_id=me().id)
            return go(url_for("accounts.show", account_id=account_id), notice=_("Account opened."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("accounts/new.html", form=form), 422


@bp.get("/<int:account_id>", endpoint="show")
def show_account(account_id: int) -> ResponseReturnValue:
    return frames.tab(account_id, "accounts/_details.html")


@bp.get("/<int:account_id>/header")
def header(account_id: int) -> ResponseReturnValue:
    """The header alone, for when something changed the account."""
    return render_template("accounts/_head.html", **frames.frame(account_id))


@bp.get("/<int:account_id>/rail")
def rail(account_id: int) -> ResponseReturnValue:
    """What happens next, and why, alone."""
    return render_template("accounts/_rail.html", **frames.frame(account_id))


@bp.get("/<int:account_id>/edit")
def edit(account_id: int) -> ResponseReturnValue:
    return frames.tab(account_id, "accounts/_edit.html", form=_filled(account_id).opened())


@bp.post("/<int:account_id>")
def update(account_id: int) -> ResponseReturnValue:
    form = AccountForm()
    if form.validate() and form.reconcile(_filled(account_id)):
        try:
            accounts.update(account_id, form.details(), owner_id=form.owner_id.data, now=now(), by_id=me().id)
            return go(url_for("accounts.show", account_id=account_id), notice=_("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return frames.tab(account_id, "accounts/_edit.html", status=422, form=form)


def _filled(account_id: int) -> AccountForm:
    """The form as the account is now."""
    tags = ", ".join(sorted(found.tags(account_id)))
    return AccountForm(obj=found.get(account_id), data={"tags": tags}, formdata=None)


def _wanted() -> Wanted:
    given = request.args
    return Wanted(
        text=given.get("q", ""),
        owner={"me": str(me().id)}.get(given.get("owner", ""), given.get("owner", "")),
        stage=given.get("stage", ""),
        tag=given.get("tag", ""),
        country=given.get("country", "").upper(),
        held="held" in given,
        sort=given.get("sort", "name"),
    )


def _query(endpoint: str = "accounts.index", **changed: Any) -> str:
    """This list's address with some arguments changed."""
    kept = {key: value for key, value in request.args.items() if value and key in WORDS}
    return url_for(endpoint, **{key: value for key, value in (kept | changed).items() if value})
