"""The words and colours of codes on screen."""

from __future__ import annotations

from wiseops.web.texts import lazy as _

STAGES = {
    "clear": _("Clear"),
    "outstanding": _("Outstanding"),
    "scheduled": _("Scheduled"),
    "engaged": _("Engaged"),
    "follow_up": _("Follow-Up"),
    "blocked": _("Blocked"),
}
ROLES = {"collector": _("Collector"), "manager": _("Manager"), "admin": _("Admin")}
CHANNELS = {"email": _("e-mail"), "sms": _("SMS"), "call": _("call")}
HOLDS = {
    "reply": _("Waiting for us"),
    "hold": _("Held"),
    "promise": _("Promised"),
    "dispute": _("Disputed"),
    "debit": _("Debit pending"),
    "case": _("With an agency"),
    "paused": _("Paused"),
    "ledger_old": _("Ledger too old"),
    "no_channel": _("No valid address"),
    "no_slot": _("No open hour"),
}
ENTRY_KINDS = {
    "payment": _("Payment"),
    "credit_note": _("Credit note"),
    "invoice": _("Invoice"),
    "charge": _("Charge"),
    "fee": _("Fee"),
    "refund": _("Refund"),
    "write_off": _("Write-off"),
    "interest": _("Interest"),
    "adjustment": _("Adjustment"),
}
AGES = {
    "not_due": _("Not due"),
    "1-30": _("1–30 days"),
    "31-60": _("31–60 days"),
    "61-90": _("61–90 days"),
    "over_90": _("Over 90 days"),
}
ACTIVITIES = {"call": _("Call"), "note": _("Note"), "meeting": _("Meeting"), "other": _("Other")}
DIRECTIONS = {"out": _("From us"), "in": _("From them")}
HAPPENINGS = {
    "call": _("Calls"),
    "sms": _("SMS"),
    "email": _("E-mails"),
    "note": _("Notes and meetings"),
    "promise": _("Promises"),
    "dispute": _("Disputes"),
    "payment": _("Payments"),
    "ledger": _("Other entries"),
    "stage": _("Stages and steps"),
    "override": _("Blocks, holds, overrides"),
    "task": _("Tasks"),
    "account": _("Details and contacts"),
}
TASKS = {
    "call": _("Call"),
    "follow_up": _("Follow-up"),
    "find_contact": _("Find contact data"),
    "came_back": _("Message came back"),
    "block_review": _("Review the block"),
    "new_item": _("Newly overdue while in follow-up"),
    "review": _("Review"),
    "reply_waits": _("Reply nobody answered"),
    "promise_due": _("Promised for this day"),
    "promise_broken": _("Broken promise"),
    "dispute_due": _("Decide the dispute"),
    "dispute_credit": _("Book the credit note"),
    "other": _("Task"),
}
PROMISES = {
    "open": (_("Open"), "info"),
    "kept": (_("Kept"), "good"),
    "kept_late": (_("Kept late"), "good"),
    "part_kept": (_("Kept in part"), "warn"),
    "broken": (_("Broken"), "bad"),
    "cancelled": (_("Cancelled"), "neutral"),
    "replaced": (_("Replaced"), "neutral"),
}
DISPUTES = {
    "open": (_("Open"), "warn"),
    "upheld": (_("Upheld"), "info"),
    "split": (_("Split"), "info"),
    "rejected": (_("Rejected"), "neutral"),
    "withdrawn": (_("Withdrawn"), "neutral"),
    "credited": (_("Credited"), "good"),
    "settled": (_("Settled"), "good"),
}
GROUNDS = {
    "not_delivered": _("Not delivered"),
    "not_as_agreed": _("Not as agreed"),
    "wrong_amount": _("Wrong price or amount"),
    "not_ordered": _("Not ordered"),
    "wrong_customer": _("Wrong customer"),
    "paid": _("Paid already"),
    "credited": _("Credit was promised"),
    "other": _("Another reason"),
}
CONTACT_ROLES = {"billing": _("Billing"), "dunning": _("Reminders"), "legal": _("Legal")}
TONES = {
    "clear": "good",
    "scheduled": "info",
    "engaged": "info",
    "follow_up": "warn",
    "blocked": "bad",
}


def stage(code: str) -> str:
    """follow_up → Follow-Up"""
    return str(STAGES.get(code, code))


def tone(code: str) -> str:
    """The badge colour of a status code: good, info, warn, bad or neutral."""
    return TONES.get(code, "neutral")


def promise_status(code: str) -> str:
    """kept_late → Kept late"""
    return str(PROMISES[code][0]) if code in PROMISES else code


def promise_tone(code: str) -> str:
    """The badge colour of a promise's status."""
    return PROMISES[code][1] if code in PROMISES else "neutral"


def dispute_status(code: str) -> str:
    """credited → Credited"""
    return str(DISPUTES[code][0]) if code in DISPUTES else code


def dispute_tone(code: str) -> str:
    """The badge colour of a dispute's status."""
    return DISPUTES[code][1] if code in DISPUTES else "neutral"


def ground(code: str) -> str:
    """not_delivered → Not delivered"""
    return str(GROUNDS.get(code, code))


def entry_kind(code: str) -> str:
    """credit_note → Credit note"""
    return str(ENTRY_KINDS.get(code, code))


def role(code: str) -> str:
    """collector → Collector"""
    return str(ROLES.get(code, code))


def channel(code: str) -> str:
    """sms → SMS"""
    return str(CHANNELS.get(code, code))


def hold(code: str) -> str:
    """no_channel → No valid address"""
    return str(HOLDS.get(code, code))


def contact_role(code: str) -> str:
    """dunning → Reminders"""
    return str(CONTACT_ROLES.get(code, code))
