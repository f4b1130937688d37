"""Reasons in words: what stops an account, moves it or waits, as a sentence a person reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from wiseops.domain import money as money_of
from wiseops.web import conditions, message_words
from wiseops.web.filters import day, moment, money
from wiseops.web.labels import channel
from wiseops.web.texts import gettext as _
from wiseops.web.texts import ngettext

Facts = Mapping[str, Any]


def sentence(reason: Facts) -> str:
    """The reason, a code with facts, in words."""
    return SENTENCES[reason["code"]](reason)


def why(reasons: Sequence[Facts]) -> str:
    """The one reason that matters most: what holds the account, else what sets its day."""
    return sentence(reasons[0]) if reasons else ""


def when(reason: Facts) -> date | datetime | None:
    """The day that the reason names, for a list by date."""
    for fact in ("on", "until", "due_on", "review_on", "since"):
        if text := reason.get(fact):
            return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return None


def _on(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else ""


def _blocked(facts: Facts) -> str:
    if facts["review_on"]:
        return _("Blocked: %(reason)s. To be reviewed on %(day)s.", reason=facts["reason"], day=_on(facts["review_on"]))
    return _("Blocked: %(reason)s.", reason=facts["reason"].rstrip("."))


def _offset(facts: Facts) -> str:
    return ngettext(
        "Step %(step)s comes %(num)s day after %(due)s, the oldest due date.",
        "Step %(step)s comes %(num)s days after %(due)s, the oldest due date.",
        facts["days"],
        step=facts["step"],
        due=_on(facts["due_on"]),
    )


def _gap(facts: Facts) -> str:
    return ngettext(
        "At least %(num)s day after the last contact on %(since)s.",
        "At least %(num)s days after the last contact on %(since)s.",
        facts["days"],
        since=_on(facts["since"]),
    )


def _cap(facts: Facts) -> str:
    words = {
        "": _("%(most)s contacts in any %(days)s days are the most: the next may go on %(day)s."),
        "sms": _("%(most)s SMS in any %(days)s days are the most: the next may go on %(day)s."),
        "call": _("%(most)s calls in any %(days)s days are the most: the next may be on %(day)s."),
    }
    return words[facts["channel"]] % {"most": facts["most"], "days": facts["days"], "day": _on(facts["on"])}


def _no_channel(facts: Facts) -> str:
    if barred := facts.get("barred"):
        why = "; ".join(f"{channel(code)}: {message_words.reason(reason)}" for code, reason in barred.items())
        return _("Step %(step)s finds no address that may be used since %(since)s (%(why)s).") % {
            "step": facts["step"],
            "since": _on(facts["since"]),
            "why": why,
        }
    return _("Step %(step)s finds no valid address since %(since)s.", step=facts["step"], since=_on(facts["since"]))


def _settled_gap(facts: Facts) -> str:
    return ngettext(
        "At least %(num)s day after the payment of %(since)s that settled what was reminded before.",
        "At least %(num)s days after the payment of %(since)s that settled what was reminded before.",
        facts["days"],
        since=_on(facts["since"]),
    )


def _part_payment(facts: Facts) -> str:
    return ngettext(
        "A part payment on %(since)s puts the next step at least %(num)s day later.",
        "A part payment on %(since)s puts the next step at least %(num)s days later.",
        facts["days"],
        since=_on(facts["since"]),
    )


def _deadline(facts: Facts) -> str:
    return _("The deadline that the last message gave runs until %(day)s.", day=_on(facts["deadline"]))


def _paused(facts: Facts) -> str:
    if facts["until"]:
        return _("Automation is paused until %(moment)s.", moment=moment(datetime.fromisoformat(facts["until"])))
    return _("Automation is paused until someone resumes it.")


def _last_step_done(facts: Facts) -> str:
    return ngettext(
        "Every step is done. It moves to Follow-Up %(num)s day after the last one.",
        "Every step is done. It moves to Follow-Up %(num)s days after the last one.",
        facts["review_after"],
    )


def _follow_up(facts: Facts) -> str:
    return {
        "finished": _("Every step is done and it is still owed: a person decides."),
        "no_channel": _("Nothing could be sent for want of an address: a person decides."),
        "no_slot": _("No hour came at which it may be reminded: a person decides."),
        "moved": _("A person moved it here and is in charge."),
    }.get(facts["why"], _("A person is in charge."))


def _no_plan(facts: Facts) -> str:
    failing = [conditions.failing(each) for each in facts["failing"]]
    if not failing:
        return _("%(plan)s finds nothing overdue that a reminder could start with.", plan=facts["plan"])
    return _("%(plan)s does not match: %(failing)s.", plan=facts["plan"], failing="; ".join(failing))


def _disputed(facts: Facts) -> str:
    if "amount" not in facts:
        return _("Disputed: %(item)s rests until the dispute is settled.", item=facts["item"])
    amount = money(money_of.parse(facts["amount"], facts["currency"]))
    if "waits_for" not in facts:
        return _("%(amount)s of %(item)s is disputed: it rests until the ledger says no more.") % {
            "amount": amount,
            "item": facts["item"],
        }
    words = {
        "decision": _("%(amount)s of %(item)s is disputed: it rests until that is decided, by %(day)s."),
        "credit": _("%(amount)s of %(item)s was upheld: it rests until its credit note is booked."),
    }
    return words[facts["waits_for"]] % {"amount": amount, "item": facts["item"], "day": _on(facts["decide_by"])}


SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "blocked": _blocked,
    "excluded": lambda facts: _("Blocked by the exclusion “%(name)s”.", name=facts["exclusion"]),
    "not_overdue": lambda facts: _("Nothing is overdue. The next due date is %(day)s.", day=_on(facts["due_on"])),
    "no_plan": _no_plan,
    "no_plans": lambda _facts: _("There is no active plan."),
    "stopped": lambda _facts: _("A person stopped the reminders of what is overdue."),
    "offset": _offset,
    "gap": _gap,
    "cap": _cap,
    "settled_gap": _settled_gap,
    "part_payment": _part_payment,
    "one_a_day": lambda facts: _("One step a day: the last one was on %(since)s.", since=_on(facts["since"])),
    "deadline": _deadline,
    "no_slot": lambda facts: (
        _("Step %(step)s finds no hour: on its weekdays none comes soon that is open wherever they may be (%(zones)s).")
        % facts
    ),
    "queued": lambda facts: _(
        "Step %(step)s is about to leave by %(channel)s.", step=facts["step"], channel=channel(facts["channel"])
    ),
    "call_open": lambda facts: _("Step %(step)s is a call: its task waits for a person.", step=facts["step"]),
    "no_channel": _no_channel,
    "last_step_done": _last_step_done,
    "small_balance": lambda _facts: _("What is overdue is under the plan's smallest amount."),
    "follow_up": _follow_up,
    "hold": lambda facts: _("A person holds it until %(day)s.", day=_on(facts["until"])),
    "reply": lambda facts: _(
        "They wrote on %(since)s and wait for us: nothing goes until somebody deals with it, or %(day)s comes.",
        since=_on(facts["since"]),
        day=_on(facts["until"]),
    ),
    "dispute": _disputed,
    "dispute_part": _disputed,
    "promise": lambda facts: _(
        "%(amount)s is promised for %(day)s: nothing goes while that may still be kept.",
        amount=money(money_of.parse(facts["amount"], facts["currency"])),
        day=_on(facts["due_on"]),
    ),
    "debit": lambda facts: _("A direct debit of %(item)s is pending.", item=facts["item"]),
    "case": lambda facts: _("%(item)s is with an agency.", item=facts["item"]),
    "ledger_old": lambda facts: _(
        "The ledger is older than its limit since %(moment)s: nothing goes until the next import.",
        moment=moment(datetime.fromisoformat(facts["since"])),
    ),
    "paused": _paused,
}
