"""A plan's condition that an account fails, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from wiseops.domain import money
from wiseops.web.filters import day
from wiseops.web.filters import money as spell
from wiseops.web.texts import gettext as _
from wiseops.web.texts import ngettext


def failing(condition: Mapping[str, Any]) -> str:
    """What is asked for, and what the account has instead. Without a full stop: several are joined."""
    return WORDS[condition["condition"]](condition)


def _days_overdue(condition: Mapping[str, Any]) -> str:
    days = ngettext("%(num)s day overdue", "%(num)s days overdue", condition["need"])
    if on := condition.get("on"):
        return _("%(days)s is reached on %(day)s", days=days, day=day(date.fromisoformat(on)))
    return _("it asks for %(days)s", days=days)


def _minimum(condition: Mapping[str, Any]) -> str:
    return _("it asks for %(need)s overdue", need=_amounts(condition["need"])) + (
        _(", there is %(have)s", have=_amounts(condition["have"])) if condition["have"] else ""
    )


def _amounts(by_currency: Mapping[str, str]) -> str:
    return _(" or ").join(spell(money.parse(text, code)) for code, text in by_currency.items())


def _tags(condition: Mapping[str, Any]) -> str:
    return _("it asks for the tag %(tags)s", tags=_(" or ").join(condition["need"]))


def _place(condition: Mapping[str, Any]) -> str:
    have = condition["have"] or _("not known")
    need = ", ".join(condition["need"])
    if condition["condition"] == "countries":
        return _("it asks for the country %(need)s, this is %(have)s", need=need, have=have)
    return _("it asks for the language %(need)s, this is %(have)s", need=need, have=have)


def _kind(condition: Mapping[str, Any]) -> str:
    return _("it is for businesses only") if condition["need"] == "business" else _("it is for consumers only")


WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "days_overdue": _days_overdue,
    "minimum": _minimum,
    "tags": _tags,
    "countries": _place,
    "languages": _place,
    "kind": _kind,
}
