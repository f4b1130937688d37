"""The forms of a dispute: what the customer says no to, and what was decided."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.domain.disputes import DEADLINE_DAYS, Ground, Status
from wiseops.models import Entry
from wiseops.queries import users
from wiseops.queries.disputes import Listed
from wiseops.services.disputes import LONGEST_NOTE, LONGEST_NOTES, Claim, Ruling
from wiseops.web import labels
from wiseops.web.clock import today
from wiseops.web.filters import money
from wiseops.web.forms import DateField, Form, MoneyField, options
from wiseops.web.shared_forms import SharedForm
from wiseops.web.uploads import uploads

RULINGS = {
    Status.UPHELD: _l("Upheld: it rests until its credit note is booked"),
    Status.SPLIT: _l("Split: a part is upheld, the remainder is chased again"),
    Status.REJECTED: _l("Rejected: it is chased again, with the next step"),
    Status.WITHDRAWN: _l("Withdrawn: the customer takes it back, or it was noted by mistake"),
}


class DisputeForm(SharedForm):
    """An amount of an item, or the whole of it, why, and who decides by when."""

    token = HiddenField()
    entry = SelectField(_l("Disputed"), coerce=int, validate_choice=False)
    amount = MoneyField(_l("Amount"), [Optional()])
    ground = SelectField(_l("Why"))
    due_on = DateField(_l("Decide by"), [InputRequired()])
    owner = SelectField(_l("Decided by"))
    notes = TextAreaField(_l("What they say"), [Optional(), Length(max=LONGEST_NOTES)])
    files = MultipleFileField(_l("Evidence"))

    def __init__(self, entries: Sequence[Entry], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.entry.choices = options((entry.id, _item(entry)) for entry in entries)
        self.ground.choices = options([("", _("Choose …")), *((g, labels.GROUNDS[g]) for g in Ground)])
        self.owner.choices = options([("", _("Nobody yet")), *((str(user.id), user.name) for user in users.active())])
        self.token.data = self.token.data or secrets.token_urlsafe(24)
        self.due_on.data = self.due_on.data or (
            None if self.is_submitted() else today() + timedelta(days=DEADLINE_DAYS)
        )
        chosen = next((entry for entry in entries if entry.id == self.entry.data), None)
        self.amount.currency = chosen.currency if chosen else next((entry.currency for entry in entries), "")

    def _said(self) -> dict[str, str]:
        return {name: said for name, said in super()._said().items() if name not in ("token", "files")}

    def claim(self) -> Claim:
        """What was typed, for the service to check."""
        assert self.due_on.data is not None
        return Claim(
            amount=self.amount.data,
            ground=self.ground.data or "",
            due_on=self.due_on.data,
            owner_id=int(self.owner.data) if self.owner.data else None,
            notes=self.notes.data or "",
            evidence=uploads(self.files),
        )


class RulingForm(Form):
    """What was decided; one that was decided already can only be withdrawn."""

    verdict = RadioField(_l("What was decided"), validators=[InputRequired(_l("Choose what was decided."))])
    amount = MoneyField(_l("Upheld amount"), [Optional()])
    note = StringField(_l("Because"), [Optional(), Length(max=LONGEST_NOTE)])
    seen = HiddenField()

    def __init__(self, listed: Listed, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        is_decided = listed.dispute.status != Status.OPEN
        verdicts = [Status.WITHDRAWN] if is_decided else list(RULINGS)
        self.verdict.choices = options((str(verdict), RULINGS[verdict]) for verdict in verdicts)
        self.amount.currency = listed.dispute.currency
        if not self.is_submitted():
            self.seen.data = listed.dispute.status
        if is_decided:
            self.verdict.data = str(Status.WITHDRAWN)

    def ruling(self) -> Ruling:
        """What was chosen."""
        return Ruling(Status(self.verdict.data), self.amount.data, self.note.data or "", self.seen.data or "")


def _item(entry: Entry) -> str:
    kind = labels.ENTRY_KINDS[entry.kind]
    return f"{kind} {entry.number} · {_('open %(amount)s', amount=money(entry.open, entry.currency))}"
