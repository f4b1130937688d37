"""Envelopes: by which backend a message goes, to whom, from whom, and with which way out."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime

from wiseops.domain import sms_senders
from wiseops.domain.messages import Outbound, Sender
from wiseops.models import Automation, Company, Message
from wiseops.services import unsubscriptions


def route(row: Message, switch: Automation, senders: Mapping[str, Sender]) -> tuple[Sender, str]:
    """The backend, and our own address where a trial goes: in trial mode nothing reaches a customer."""
    sender = senders[row.channel]
    if switch.mode == "live" or not sender.reaches_people:
        return sender, ""
    own = switch.trial_email if row.channel == "email" else switch.trial_phone
    return (sender, own) if own else (senders["file"], "")


def outbound(row: Message, ours: Company, sender: Sender, *, now: datetime) -> Outbound:
    """The message as it is handed over; only what is automated and reaches someone names a way out."""
    to = row.diverted_to or row.to_address
    bare = functools.partial(Outbound, row.ref, row.channel, to, row.subject, row.body, now, automated=row.automated)
    if row.channel != "email":
        return bare(sender=sms_senders.choose(to, usual=ours.sms_sender, by_country=ours.sms_senders))
    has_way_out = sender.reaches_people and row.automated
    return bare(
        sender=ours.email_sender,
        sender_name=ours.email_sender_name or ours.name,
        reply_to=ours.reply_to,
        cc=() if row.diverted_to else tuple(row.cc),
        unsubscribe_url=unsubscriptions.link(to, row.id) if has_way_out else "",
        in_reply_to=row.in_reply_to,
    )
