"""Events of the timeline, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from wiseops.models import Event
from wiseops.web import days, labels, message_words
from wiseops.web.labels import ENTRY_KINDS

SENTENCES = {
    "account_created": lazy_gettext("Account opened"),
    "account_changed": lazy_gettext("Details changed"),
    "account_assigned": lazy_gettext("Collector changed"),
    "account_blocked": lazy_gettext("Blocked: %(reason)s"),
    "account_unblocked": lazy_gettext("Unblocked"),
    "account_held": lazy_gettext("Held until %(until)s"),
    "account_released": lazy_gettext("Hold ended"),
    "call_placed": lazy_gettext("Rang %(who)s from here"),
    "contact_added": lazy_gettext("Contact added"),
    "contact_changed": lazy_gettext("Contact changed"),
    "contact_removed": lazy_gettext("Contact removed: %(name)s"),
    "address_suppressed": lazy_gettext("%(address)s must not be used for %(channel)s any more: %(reason)s"),
    "suppression_lifted": lazy_gettext("%(address)s may be used for %(channel)s again"),
    "entry_changed": lazy_gettext("%(number)s corrected"),
    "credit_allocated": lazy_gettext("%(amount)s %(currency)s of %(credit)s allocated to %(debit)s"),
    "allocation_undone": lazy_gettext("Allocation of %(amount)s %(currency)s of %(credit)s to %(debit)s undone"),
    "engagement_settled": lazy_gettext("Reminders ended: everything they were for is paid"),
    "engagement_lapsed": lazy_gettext("Reminders ended before one was sent"),
    "engagement_stopped": lazy_gettext("Reminders stopped by a person"),
    "engagement_gave_way": lazy_gettext("Reminders gave way to others"),
    "engaged_by_hand": lazy_gettext("Plan %(plan)s started by a person"),
    "started_over": lazy_gettext("The plan starts over from step 1"),
    "step_skipped": lazy_gettext("Step %(step)s skipped"),
    "review_restarted": lazy_gettext("Plan %(plan)s restarted at step %(step)s"),
    "review_changed_plan": lazy_gettext("Plan changed to %(plan)s"),
    "review_resumed": lazy_gettext("Resumed for newer items"),
    "promise_made": lazy_gettext("Promised: %(amount)s %(currency)s for %(due_on)s"),
    "promise_kept": lazy_gettext("Promise of %(amount)s %(currency)s kept"),
    "promise_kept_late": lazy_gettext("Promise of %(amount)s %(currency)s kept late"),
    "promise_part_kept": lazy_gettext("Promise of %(amount)s %(currency)s for %(due_on)s kept in part: %(received)s"),
    "promise_broken": lazy_gettext("Promise of %(amount)s %(currency)s for %(due_on)s broken"),
    "promise_cancelled": lazy_gettext("Promise of %(amount)s %(currency)s cancelled: %(reason)s"),
    "promise_replaced": lazy_gettext("Promise of %(amount)s %(currency)s replaced: %(reason)s"),
    "dispute_opened": lazy_gettext("Disputed: %(amount)s %(currency)s of %(item)s (%(ground)s)"),
    "dispute_changed": lazy_gettext(
        "Dispute of %(item)s changed: %(amount)s %(currency)s, to be decided by %(due_on)s"
    ),
    "dispute_upheld": lazy_gettext("Dispute of %(item)s upheld: %(granted)s %(currency)s waits for its credit note"),
    "dispute_split": lazy_gettext("Dispute of %(item)s split: %(granted)s of %(amount)s %(currency)s upheld"),
    "dispute_rejected": lazy_gettext("Dispute of %(item)s rejected: %(reason)s"),
    "dispute_withdrawn": lazy_gettext("Dispute of %(item)s withdrawn: %(reason)s"),
    "dispute_credited": lazy_gettext("Dispute of %(item)s settled by its credit note"),
    "dispute_settled": lazy_gettext("Dispute of %(item)s over: the customer paid"),
    "dispute_resumed": lazy_gettext("Dispute of %(item)s rests again: what settled it was taken back"),
    "document_revoked": lazy_gettext("Link to %(name)s taken back"),
    "reply_assigned": lazy_gettext("What %(address)s wrote was given to this account"),
    "reply_moved": lazy_gettext("What %(address)s wrote was moved to %(to)s"),
    "reply_came": lazy_gettext("What %(address)s wrote was moved here from %(source)s"),
    "reply_handled": lazy_gettext("Reply by %(channel)s dealt with"),
    "reply_received": lazy_gettext("Reply by %(channel)s"),
    "stage_changed": lazy_gettext("%(from)s, now %(to)s"),
    "task_created": lazy_gettext("Task made"),
    "task_completed": lazy_gettext("Task done"),
    "guardrail_overridden": lazy_gettext("Contact limit overridden: %(reason)s"),
    "follow_up_began": lazy_gettext("Moved to follow-up"),
    "snapshot_settled": lazy_gettext("Settled as no longer listed"),
}
ENTRIES = {
    "recorded": lazy_gettext("%(kind)s %(number)s recorded: %(amount)s %(currency)s"),
    "reversed": lazy_gettext("%(kind)s %(number)s reversed: %(amount)s %(currency)s"),
}


def sentence(event: Event) -> str:
    """What happened; an event without words of its own is named by its kind."""
    facts = _local(event.facts)
    if event.kind in SENTENCES:
        return str(SENTENCES[event.kind]) % facts
    if (told := message_words.happened(event.kind, event.facts)) is not None:
        return told
    kind, _dot, what = event.kind.rpartition("_")
    if what in ENTRIES and "number" in facts:
        return str(ENTRIES[what]) % (facts | {"kind": _kind(kind)})
    return event.kind.replace("_", " ").capitalize()


def of_entries() -> Iterator[tuple[str, str]]:
    """The kinds of events at each sort of entry, with what is said of them."""
    for what, told in ENTRIES.items():
        yield from ((f"{kind}_{what}", f"{_kind(kind)} {told}") for kind in ENTRY_KINDS)


def _local(facts: dict[str, Any]) -> dict[str, Any]:
    facts = facts | {
        name: day(date.fromisoformat(facts[name])) for name in ("until", "review_on", "due_on") if facts.get(name)
    }
    if "ground" in facts:
        facts |= {"ground": labels.ground(facts["ground"]).lower()}
    if "channel" in facts:
        facts |= {"channel": labels.channel(facts["channel"])}
    if "address" in facts and "reason" in facts:
        facts |= {"reason": message_words.reason(facts["reason"])}
    facts |= {name: labels.stage(facts[name]) for name in ("from", "to") if facts.get(name) in labels.STAGES}
    return facts | {name: _amount(facts[name]) for name in ("amount", "received", "granted") if name in facts}


def _amount(text: str) -> str:
    amount = abs(Decimal(text))
    decimals = -int(amount.as_tuple().exponent)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(amount, format=pattern, locale=get_locale())


def day(value: date) -> str:
    """22. nov. 2026"""
    return days.medium(value)


def _kind(kind: str) -> str:
    return str(ENTRY_KINDS.get(kind, _("Entry")))
