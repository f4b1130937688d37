"""The forms that people write to customers with: an SMS, an e-mail."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import CheckboxInput, ListWidget

from wiseops.domain import compositions, phones
from wiseops.domain.attachments import MOST, Upload
from wiseops.domain.compositions import Draft, Filled, Overtaken
from wiseops.domain.errors import Refused
from wiseops.models import Account, Contact
from wiseops.queries import replies, suppressions, templates
from wiseops.services.compositions import Sending
from wiseops.web import call_numbers, message_words
from wiseops.web.clock import now
from wiseops.web.filters import local_time
from wiseops.web.forms import Form, KeptField, options
from wiseops.web.texts import gettext as _
from wiseops.web.uploads import uploads


def _id(value: Any) -> int | None:
    return int(value) if str(value or "").isdecimal() and len(str(value)) < 18 else None


class CompositionForm(Form):
    """What every message has. `go` says which button was pressed: empty, `wait`, or `override`; `seen` the last
    reply that was there when it was opened, `shown` the address of each contact as its writer saw it, `filled` what a
    template brought, `chosen` how many files are.
    """

    channel = ""

    token = HiddenField()
    seen = HiddenField()
    shown = KeptField()
    filled = KeptField()
    chosen = HiddenField()
    to = SelectField(_l("To"), coerce=_id, validate_choice=False)
    template = SelectField(_l("Template"), coerce=_id, validate_choice=False)
    body = TextAreaField(_l("Text"))
    files = MultipleFileField(_l("Files"))
    statement = BooleanField(_l("Attach the statement (PDF)"))
    not_before = HiddenField()
    reason = StringField(_l("Why must it go all the same?"))

    def __init__(self, account: Account, people: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not self.token.data:
            self.token.data, self.seen.data = secrets.token_urlsafe(24), str(replies.latest(account.id))
        self.addresses = {str(row.id): self.address(row) for row in people if self.address(row)}
        self.shown.data = self.shown.data or self.addresses
        self.wordings = templates.of_channel(account, self.channel)
        self.template.choices = options([("", _("Own text")), *((v.id, name) for name, v in self.wordings)])
        self.to.choices = self.addressees(account, people)
        self.usable = [choice for choice in self.to.choices if not choice.render_kw and choice.value]
        if self.to.data is None and not self.is_submitted():
            self.to.data = _id(request.args.get("to")) or next((choice.value for choice in self.usable), None)
        if self.to.data not in {choice.value for choice in self.usable}:
            self.to.choices = [*options([("", _("Choose …"))]), *self.to.choices]

    def addressees(self, account: Account, people: Sequence[Contact]) -> list[SelectChoice]:
        """Whom one can write to, the default first; who must not be written to says why and cannot be chosen."""
        raise NotImplementedError

    def address(self, contact: Contact) -> str:
        """Where a message to the contact goes."""
        raise NotImplementedError

    def draft(self) -> Draft:
        """What was typed, for the service to check."""
        return Draft(
            self.channel, self.to.data, self.body.data or "",
            template_version_id=self.template.data, seen=_id(self.seen.data) or 0, shown=self.shown_address,
            filled=self.filling,
        )  # fmt: skip

    @property
    def enclosed(self) -> int:
        """How many files go with it, the statement among them."""
        return min(_id(self.chosen.data) or 0, MOST) + bool(self.statement.data)

    @property
    def filling(self) -> Filled | None:
        """What a template put into the text, if one did."""
        version, figures = _id(self.filled.data.get("version")), self.filled.data.get("figures")
        return Filled(version, tuple(map(str, figures))) if version and isinstance(figures, list) else None

    @property
    def shown_address(self) -> str | None:
        """Where it goes, as its writer saw it."""
        found = self.shown.data.get(str(self.to.data))
        return found if isinstance(found, str) else None

    def refuse(self, refused: Refused) -> None:
        """What is said with a refusal is seen: the address that stands there now, and the figures."""
        super().refuse(refused)
        if isinstance(refused, Overtaken):
            self.filled.data = self.filled.data | {"figures": refused.figures}
        if refused.field == "to":
            self.shown.data = self.shown.data | {str(self.to.data): self.addresses.get(str(self.to.data))}

    def sending(self) -> Sending:
        """How it is to go."""
        go = request.form.get("go", "")
        return Sending(
            token=self.token.data or "",
            not_before=_moment(self.not_before.data) if go == "wait" else None,
            override=self.reason.data or "" if go == "override" else None,
        )

    def uploads(self) -> list[Upload]:
        """The files that came with it."""
        return uploads(self.files)

    def ask_for_files_again(self) -> None:
        """A browser keeps no file: what was chosen is named, to be chosen once more."""
        self.chosen.data = ""
        names = ", ".join(upload.name for upload in self.uploads())
        if names:
            self.refuse(Refused(_("Choose again: %(names)s.", names=names), "files"))


class SmsForm(CompositionForm):
    """A text to a number."""

    channel = "sms"

    def address(self, contact: Contact) -> str:
        return contact.phone or ""

    def addressees(self, account: Account, people: Sequence[Contact]) -> list[SelectChoice]:
        numbers = call_numbers.numbers(account.id, people, now())
        barred = suppressions.standing("sms", [number.contact.phone or "" for number in numbers])
        there = {n.contact.id: _("%(time)s there", time=local_time(n.local)) for n in numbers}
        return [_choice(n.contact, n.contact.phone or "", barred, there[n.contact.id]) for n in numbers]


class EmailForm(CompositionForm):
    """An e-mail, with copies and files."""

    channel = "email"

    copies = SelectMultipleField(
        _l("Copy to"), coerce=str, validate_choice=False, option_widget=CheckboxInput(), widget=ListWidget()
    )
    cc = StringField(_l("Copies to others"))
    subject = StringField(_l("Subject"))
    reply = HiddenField()

    def __init__(self, account: Account, people: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(account, people, **kwargs)
        self.answered = replies.mail(account.id, _id(self.reply.data or request.args.get("reply")) or 0)
        if self.answered is not None and not self.is_submitted():
            self.reply.data, self.subject.data = str(self.answered.id), compositions.answering(self.answered.subject)
        others = [person for person in people if person.email and person.id != self.to.data]
        self.copies.choices = options((p.email, " · ".join(filter(None, (p.name, p.email)))) for p in others)
        if not self.is_submitted():
            self.copies.data = [person.email for person in others if person.cc]

    def address(self, contact: Contact) -> str:
        return contact.email or ""

    def addressees(self, account: Account, people: Sequence[Contact]) -> list[SelectChoice]:
        reached = [person for person in people if person.email]
        barred = suppressions.standing("email", [person.email or "" for person in reached])
        return [_choice(person, person.email or "", barred) for person in reached]

    def draft(self) -> Draft:
        copies = (*(self.copies.data or ()), *compositions.addresses(self.cc.data or ""))
        answers = self.answered.mail_id if self.answered is not None else ""
        return replace(super().draft(), subject=self.subject.data or "", cc=copies, in_reply_to=answers)


def _choice(contact: Contact, address: str, barred: dict[str, str], there: str = "") -> SelectChoice:
    shown = address if "@" in address else phones.shown(address)
    words = " · ".join(filter(None, (contact.name, shown, there)))
    if (why := barred.get(address.lower())) is None:
        return SelectChoice(contact.id, words)
    return SelectChoice(contact.id, f"{words}: {message_words.reason(why)}", {"disabled": True})


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
