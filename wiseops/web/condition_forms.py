"""The conditions of plans and exclusions: typed, described, counted while one types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import Optional

from wiseops.domain import drafts, money
from wiseops.domain.errors import Refused
from wiseops.domain.plans import EVERY_CURRENCY, Conditions
from wiseops.queries import matching
from wiseops.web.clock import today
from wiseops.web.filters import amount
from wiseops.web.filters import money as as_money
from wiseops.web.forms import Form, options
from wiseops.web.texts import gettext as _
from wiseops.web.texts import ngettext

NAMES = ("days_overdue", "minimum", "kind", "countries", "languages", "tags")
KINDS = {"business": _l("Businesses"), "consumer": _l("Consumers")}
_AMOUNT = re.compile(r"(?P<before>[A-Za-z]{3})?\s*(?P<number>[^A-Za-z]+?)\s*(?P<after>[A-Za-z]{3})?")


class ConditionsForm(Form):
    """What an account must be; every field may stay empty."""

    days_overdue = IntegerField(_l("Days overdue, at least"), [Optional()])
    minimum = StringField(_l("Overdue, at least"), [Optional()])
    kind = SelectField(
        _l("Kind"),
        choices=options([("", _l("Businesses and consumers")), *KINDS.items()]),
        validate_choice=False,
    )
    countries = StringField(_l("Countries"), [Optional()])
    languages = StringField(_l("Languages"), [Optional()])
    tags = StringField(_l("Tags, any of"), [Optional()])

    def conditions(self) -> Conditions:
        """What was typed. Raises Refused on the field."""
        return Conditions(
            days_overdue=self.days_overdue.data,
            minimum={money_.currency: money_.minor for money_ in _amounts(self.minimum.data, "minimum")},
            tags=frozenset(_words(self.tags.data)),
            countries=frozenset(word.upper() for word in _words(self.countries.data)),
            languages=frozenset(word.lower() for word in _words(self.languages.data)),
            kind=self.kind.data or None,
        )


def typed(conditions: Conditions) -> dict[str, Any]:
    """The fields as they would have been typed."""
    return {
        "days_overdue": conditions.days_overdue,
        "minimum": "; ".join(f"{amount(minor, code)} {code}" for code, minor in sorted(conditions.minimum.items())),
        "tags": ", ".join(sorted(conditions.tags)),
        "countries": ", ".join(sorted(conditions.countries)),
        "languages": ", ".join(sorted(conditions.languages)),
        "kind": conditions.kind or "",
    }


def described(conditions: Conditions) -> str:
    """The conditions in a line of words."""
    return ", ".join(_described(conditions)) or _("every account")


def counted(form: ConditionsForm) -> ResponseReturnValue:
    """The live count beneath the form."""
    try:
        conditions = form.conditions()
        drafts.check_conditions(conditions)
    except Refused as refused:
        return render_template("plans/_matching.html", problem=refused.message)
    if form.days_overdue.errors:
        return render_template("plans/_matching.html", problem=_("Days overdue are a whole number."))
    return render_template("plans/_matching.html", count=matching.count(conditions, today()))


def stop_below(text: str | None) -> dict[str, str]:
    """'5' for every currency, '5 DKK; 10 NOK' for each by itself. Raises Refused on the field."""
    found = {}
    for part in _parts(text):
        if any(character.isalpha() for character in part):
            [least] = _amounts(part, "stop_below")
            found[least.currency] = money.plain(least.minor, least.currency)
        else:
            found[EVERY_CURRENCY] = money.plain(_amount(part, "DKK", "stop_below").minor, "DKK")
    return found


def typed_stop_below(stored: Mapping[str, str]) -> str:
    """The inverse of stop_below."""
    parts = []
    for code in sorted(stored):
        known = "DKK" if code == EVERY_CURRENCY else code
        text = amount(money.parse(stored[code], known))
        parts.append(text if code == EVERY_CURRENCY else f"{text} {code}")
    return "; ".join(parts)


def _described(conditions: Conditions) -> Iterator[str]:
    if conditions.days_overdue is not None:
        yield ngettext("%(num)d day overdue", "%(num)d days overdue", conditions.days_overdue)
    for code, minor in sorted(conditions.minimum.items()):
        yield _("at least %(amount)s", amount=as_money(minor, code))
    if conditions.kind:
        yield str(KINDS.get(conditions.kind, conditions.kind)).lower()
    for values in (conditions.countries, conditions.languages, conditions.tags):
        if values:
            yield " / ".join(sorted(values))


def _words(text: str | None) -> list[str]:
    return [word for word in (part.strip() for part in re.split(r"[,;\n]", text or "")) if word]


def _parts(text: str | None) -> list[str]:
    """Amounts are told apart by ; or a comma with a space after it: a comma alone may be a decimal one."""
    return [part for part in (p.strip(" \t\r,") for p in re.split(r"[;\n]|,\s", text or "")) if part]


def _amounts(text: str | None, field: str) -> Iterator[money.Money]:
    for part in _parts(text):
        found = _AMOUNT.fullmatch(part)
        code = ((found["before"] or found["after"] or "") if found else "").upper()
        if found is None or code not in money.currencies():
            raise Refused(_("“%(typed)s” is no amount with a currency. Write it like 100 DKK.", typed=part[:40]), field)
        yield _amount(found["number"], code, field)


def _amount(text: str, currency: str, field: str) -> money.Money:
    try:
        return money.parse_local(text.strip(), currency, str(get_locale() or "en"))
    except Refused as refused:
        raise Refused(refused.message, field) from None
