"""What is typed of a template: its name, and a wording per channel."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from wiseops.web.forms import Form


class NameForm(Form):
    """What a template is called."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])


class EmailForm(Form):
    """One wording of an e-mail; `account` is whom the preview is for."""

    subject = StringField(_l("Subject"), [InputRequired()])
    body = TextAreaField(_l("Text"), [InputRequired()])
    account = StringField(_l("Account number"))


class SmsForm(Form):
    """One wording of an SMS."""

    body = TextAreaField(_l("Text"), [InputRequired()])
    account = StringField(_l("Account number"))


def template_form(channel: str, typed: dict[str, str] | None = None) -> Form:
    kind = {"email": EmailForm, "sms": SmsForm}.get(channel)
    if kind is None:
        raise NotFound
    return kind() if typed is None else kind(formdata=None, data=typed)
