"""The forms of the rail: why nobody is to chase an account, and until when nothing is sent."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.web.forms import DateField, Form


class BlockForm(Form):
    """Why nobody is to chase this account."""

    reason = StringField(lazy_gettext("Reason"), [InputRequired(), Length(max=200)], id="block-reason")
    review_on = DateField(lazy_gettext("Look again on"), [Optional()])


class HoldForm(Form):
    """Until when nothing is sent."""

    until = DateField(lazy_gettext("Hold until"), [InputRequired()])
    until_reply = BooleanField(lazy_gettext("Or until they answer"))
    reason = StringField(lazy_gettext("Reason"), [Optional(), Length(max=200)], id="hold-reason")
