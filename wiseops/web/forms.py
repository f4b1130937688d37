"""The base form and the fields that parse what people type, strictly, in their own locale."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

import wtforms
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput, TextInput

from wiseops.domain import money
from wiseops.domain.errors import Refused, Resent
from wiseops.domain.money import Money
from wiseops.web.filters import amount

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def options(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Choices of a select or radio field from (value, words) pairs."""
    return [SelectChoice(value, words) for value, words in pairs]


def _clean(text: str | None) -> str:
    return (text or "").replace("\x00", "").strip()


class Form(FlaskForm):
    """Every form: text is stripped and never None, and what a service refused is shown on its field."""

    class Meta(FlaskForm.Meta):
        """Binds fields so that typed text loses its outer spaces; a password keeps them."""

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound.kwargs.get("filters", ()))
            is_text = issubclass(unbound.field_class, wtforms.StringField)
            if is_text and not issubclass(unbound.field_class, wtforms.PasswordField):
                filters.append(_clean)
            return unbound.bind(form=form, filters=filters, **options)

    def refuse(self, refused: Refused) -> None:
        """Puts the refusal on the field it names, or above the form; a form that was saved before becomes a new one."""
        if isinstance(refused, Resent):
            self._fields["token"].data = secrets.token_urlsafe(24)
        field = self._fields.get(refused.field or "")
        if field is None:
            self.form_errors.append(refused.message)
        else:
            field.errors = [*field.errors, refused.message]


class MoneyField(wtforms.Field):
    """An amount as people write it: `data` is Money. The currency is given, or read from another field."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, *, currency: str = "", **options: Any) -> None:
        self._currency_field = options.pop("currency_field", "")
        self.currency = currency
        self._typed = ""
        super().__init__(label, validators, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self._typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None

    def pre_validate(self, form: Any) -> None:
        if not self._typed:
            return
        currency = form[self._currency_field].data if self._currency_field else self.currency
        try:
            self.data = money.parse_local(self._typed, currency, str(get_locale() or "en"))
        except Refused as refused:
            raise StopValidation(refused.message) from refused

    def _value(self) -> str:
        if self.raw_data:
            return self._typed
        return amount(self.data) if isinstance(self.data, Money) else ""


class KeptField(wtforms.Field):
    """What a form remembers from one showing to the next: `data` is a dict; what cannot be read is empty."""

    widget = HiddenInput()

    def process_data(self, value: dict[str, Any] | None) -> None:
        self.data = value or {}

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = {}
        with suppress(ValueError):
            found = json.loads(valuelist[0] if valuelist else "{}")
            self.data = found if isinstance(found, dict) else {}

    def _value(self) -> str:
        return json.dumps(self.data or {})


class DateField(wtforms.DateField):
    """A day; a slip such as the year 0206 is refused."""

    def pre_validate(self, form: Any) -> None:
        if self.data and not EARLIEST <= self.data <= LATEST:
            raise StopValidation(_("Check the year."))
