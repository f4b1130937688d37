"""The words and colours of a message's status, and of the reason why it did not leave."""

from __future__ import annotations

from typing import Any

from flask import Flask

from wiseops.web import labels
from wiseops.web.texts import gettext
from wiseops.web.texts import lazy as _

STATUSES = {
    "queued": _("Queued"),
    "claimed": _("Queued"),
    "sending": _("Sending"),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "undelivered": _("Undelivered"),
    "failed": _("Failed"),
    "unknown": _("Unclear"),
    "cancelled": _("Cancelled"),
}
TONES = {"sent": "info", "delivered": "good", "undelivered": "bad", "failed": "bad", "unknown": "warn"}
REASONS = {
    **labels.HOLDS,
    "blocked": _("The account is blocked"),
    "clear": _("Everything is paid"),
    "settled": _("What it was for is paid"),
    "engagement_ended": _("The reminders ended before"),
    "follow_up": _("A person is in charge now"),
    "not_now": _("Its time moved"),
    "window": _("It is outside the hours in which they may be contacted"),
    "weekday": _("Nobody is contacted on this weekday"),
    "holiday": _("It is a closed day where they are"),
    "cap": _("They were contacted often enough for now"),
    "gap": _("They were contacted in the meantime"),
    "settled_gap": _("They paid lately what was reminded before"),
    "part_payment": _("They paid a part in the meantime"),
    "one_a_day": _("Another step left today"),
    "deadline": _("The deadline of the last message still runs"),
    "offset": _("It is not old enough any more"),
    "changed": _("Another step is next"),
    "nothing_demanded": _("Nothing was left to demand"),
    "paused": _("Automation was paused"),
    "no_address": _("No address for reminders"),
    "no_wording": _("The template has no wording for this channel"),
    "no_text": _("It has no text"),
    "opted_out": _("They asked not to be written to"),
    "complaint": _("They called our mail unwanted"),
    "bounced": _("What went there came back"),
    "invalid": _("There is no such address or number"),
    "withdrawn": _("A person took it back"),
    "cut_off": _("The worker was cut off while it sent"),
}
PREFIXES = {
    "hard": _("Nobody has this address"),
    "soft": _("It came back"),
    "blocked": _("Their server does not want it"),
    "wording": _("The wording could not be filled in"),
    "given_up": _("Given up after too many tries"),
    "cc_refused": _("Copies the mail server refused"),
}

HAPPENED = {
    "message_sent": _("%(what)s sent"),
    "message_delivered": _("%(what)s delivered"),
    "message_undelivered": _("%(what)s did not arrive: %(why)s"),
    "message_failed": _("%(what)s failed: %(why)s"),
    "message_unknown": _("%(what)s is unclear: %(why)s"),
    "message_cancelled": _("%(what)s cancelled: %(why)s"),
}


def register(app: Flask) -> None:
    """Makes the filters known to every template."""
    kinds = {"entry_kind": lambda code: str(labels.ENTRY_KINDS.get(code, code))}
    app.jinja_env.filters.update(kinds, message_status=status, message_tone=tone, message_reason=reason)


def status(code: str) -> str:
    """unknown → Unclear"""
    return str(STATUSES.get(code, code))


def tone(code: str) -> str:
    """The badge colour of a status: good, info, warn, bad or neutral."""
    return TONES.get(code, "neutral")


def reason(text: str) -> str:
    """Why it did not leave, or is unclear: a code, a code with details, or what a provider or a person said."""
    if text in REASONS:
        return str(REASONS[text])
    code, _colon, details = text.partition(": ")
    return f"{PREFIXES[code]}: {details}" if code in PREFIXES else text


def happened(kind: str, facts: dict[str, Any]) -> str | None:
    """What became of a message, for the timeline; None for any other event."""
    if kind not in HAPPENED:
        return None
    channel, step = labels.channel(facts["channel"]), facts["step"]
    what = (
        gettext("Step %(step)s by %(channel)s", step=step, channel=channel)
        if step
        else channel[:1].upper() + channel[1:]
    )
    return str(HAPPENED[kind]) % {"what": what, "why": reason(facts["reason"])}
