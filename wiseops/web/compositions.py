"""Send SMS and Send Email: what a person writes, in place, on the collections tab of an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from wiseops.auth import may, me
from wiseops.domain import compositions as rules
from wiseops.domain import segments, zones
from wiseops.domain.attachments import EACH, MIB, Upload, named
from wiseops.domain.compositions import Withheld
from wiseops.domain.documents import LASTS
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.asking import Answer
from wiseops.models import Account, Contact
from wiseops.queries import accounts, automation, company, contacts, messages, previews
from wiseops.security import body_limit
from wiseops.services import compositions, documents, guardrails
from wiseops.web import activities, frames, guardrail_words, statements
from wiseops.web.clock import now, today
from wiseops.web.composition_forms import CompositionForm, EmailForm, SmsForm
from wiseops.web.filters import soon
from wiseops.web.htmx import done, go, wants_fragment
from wiseops.web.texts import gettext as _

bp = Blueprint("compositions", __name__, url_prefix="/accounts/<int:account_id>/<any(sms,emails):via>")

FORMS: dict[str, type[CompositionForm]] = {"sms": SmsForm, "emails": EmailForm}


@bp.get("/new")
def new(account_id: int, via: str) -> ResponseReturnValue:
    return _shown(account_id, via, _build(account_id, via))


@bp.post("")
@body_limit(64 * MIB)
def create(account_id: int, via: str) -> ResponseReturnValue:
    form = _build(account_id, via)
    answer: Answer | None = None
    try:
        files = [*form.uploads(), *_statement(account_id, form)]
        message_id = compositions.send(account_id, form.draft(), form.sending(), files=files, now=now(), by=me())
        to = url_for("activities.index", account_id=account_id, _anchor=f"h-m{message_id}")
        return done("activities/_noted.html", event="account-changed", to=to, notice=_sent(message_id))
    except Withheld as withheld:
        answer = withheld.answer
    except Refused as refused:
        form.refuse(refused)
    form.ask_for_files_again()
    return _shown(account_id, via, form, answer=answer, status=422)


@bp.post("/<int:message_id>/withdrawal")
def withdraw(account_id: int, via: str, message_id: int) -> ResponseReturnValue:
    """Takes a message back that still waits."""
    here = url_for("messages.view", message_id=message_id)
    try:
        compositions.withdraw(account_id, message_id, now=now(), by_id=me().id)
    except Refused as refused:
        return go(here, notice=refused.message, tone="warn")
    return go(here, notice=_("Taken back: it does not go."))


@bp.post("/wording")
def wording(account_id: int, via: str) -> ResponseReturnValue:
    """The chosen template filled in for this account, to be edited; without one, the text as it is."""
    form = _build(account_id, via)
    remark = _fill(accounts.get(account_id), form) if form.template.data else ""
    if wants_fragment():
        return render_template("compositions/_wording.html", **_text(account_id, via, form), remark=remark)
    return _shown(account_id, via, form, remark=remark)


@bp.post("/answer")
def answer(account_id: int, via: str) -> ResponseReturnValue:
    """Whether it may go now to the chosen address, and the buttons that fit."""
    form = _build(account_id, via)
    return render_template("compositions/_answer.html", **_standing(account_id, via, form, None))


@bp.post("/size")
def size(account_id: int, via: str) -> ResponseReturnValue:
    """How long the text is, as the network counts."""
    return render_template("compositions/_size.html", **_text(account_id, via, _build(account_id, via)))


def _build(account_id: int, via: str) -> CompositionForm:
    return FORMS[via](accounts.get(account_id), contacts.of_account(account_id))


def _fill(account: Account, form: CompositionForm) -> str:
    """Puts the wording into the form. Answers what stood in its way."""
    version = next((v for _name, v in form.wordings if v.id == form.template.data), None)
    if version is None:
        return _("This template is not in use any more.")
    contact = next((row for row in contacts.of_account(account.id) if row.id == form.to.data), None)
    try:
        text = previews.text(account, version, name=contact.name if contact else "", today=today())
    except Refused as refused:
        return refused.message
    if text is None:
        return _("Nothing is overdue, so this template has nothing to say.")
    form.body.data, form.body.raw_data = text.body, None
    form.filled.data = {"version": version.id, "figures": rules.figures(text)}
    if isinstance(form, EmailForm):
        form.subject.data = text.subject
    return ""


def _statement(account_id: int, form: CompositionForm) -> list[Upload]:
    if not form.statement.data:
        return []
    content = statements.document(account_id, language=accounts.get(account_id).language)
    name = _("Statement %(day)s", day=today().isoformat()) + ".pdf"
    return [Upload(named(name), len(content), content[:16], [content])]


def _sent(message_id: int) -> str:
    row = messages.get(message_id).message
    if row.not_before > row.queued_at:
        return _("It goes on %(moment)s.", moment=soon(row.not_before))
    return _("On its way.")


def _shown(
    account_id: int,
    via: str,
    form: CompositionForm,
    *,
    answer: Answer | None = None,
    remark: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    context = _text(account_id, via, form) | _standing(account_id, via, form, answer)
    context |= {"remark": remark, "trial": _trial(form.channel), "largest": EACH // MIB}
    if wants_fragment():
        return render_template("compositions/_form.html", **context), status
    page = activities.history_of(account_id) | context
    return frames.tab(account_id, "activities/_index.html", status=status, quick="compositions/_form.html", **page)


def _text(account_id: int, via: str, form: CompositionForm) -> dict[str, Any]:
    """What the text's part of the form needs."""
    link = documents.width() if via == "sms" else 0
    links = form.enclosed if via == "sms" else 0
    text = (form.body.data or "").replace("\r\n", "\n") + ("\n" + "x" * link) * links
    try:
        measured = segments.measure(rules.text_of("sms", text)) if via == "sms" else None
    except Refused:
        measured = None
    return {
        "on_account": account_id, "via": via, "form": form, "size": measured, "typed": len(text),
        "longest": rules.LONGEST[form.channel], "link": link, "links": links, "lasts": LASTS.days,
    }  # fmt: skip


def _standing(account_id: int, via: str, form: CompositionForm, answer: Answer | None) -> dict[str, Any]:
    """Whether it may go, as last answered or as it is now."""
    address = _address(contacts.of_account(account_id), form)
    moment = now()
    answer = answer or guardrails.check(account_id, form.channel, address, now=moment)
    account = accounts.get(account_id)
    zone = zones.choose(account.timezone, account.country, company.get().timezone)
    return {
        "on_account": account_id, "via": via, "form": form, "may_override": may("manager"),
        "barrier": guardrail_words.remark(answer, moment, zone=zone), "is_stopped": automation.switch().stopped,
    }  # fmt: skip


def _address(people: list[Contact], form: CompositionForm) -> str:
    found = next((row for row in people if row.id == form.to.data), None)
    return form.address(found) if found else ""


def _trial(channel: str) -> str | None:
    """Where it goes instead of to the customer; None where it goes to the customer."""
    switch, sender = automation.switch(), current_app.extensions["senders"][channel]
    if switch.mode == "live" and sender.reaches_people:
        return None
    own = switch.trial_phone if channel == "sms" else switch.trial_email
    return own if own and sender.reaches_people else ""
