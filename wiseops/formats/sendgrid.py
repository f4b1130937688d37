"""SendGrid's event webhook: a list of what became of e-mails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wiseops.domain.errors import Refused
from wiseops.domain.messages import Status
from wiseops.domain.suppressions import Reason
from wiseops.formats import payloads
from wiseops.formats.email_events import EmailEvent, local_part

DROPS: Mapping[str, Reason] = {
    "bounced address": Reason.BOUNCED,
    "invalid": Reason.BOUNCED,
    "unsubscribed address": Reason.OPTED_OUT,
    "spam reporting address": Reason.COMPLAINT,
}
"""Why it did not even try; anything else says nothing against the address."""

SUPPRESSING: Mapping[str, Reason] = {
    "spamreport": Reason.COMPLAINT,
    "unsubscribe": Reason.OPTED_OUT,
    "group_unsubscribe": Reason.OPTED_OUT,
}


def event(given: Any) -> EmailEvent:
    """One event of the list. Raises Refused where it has no id, no name or no address."""
    given = payloads.mapping(given)
    kind, event_id = payloads.text(given.get("event"), 40), payloads.text(given.get("sg_event_id"), 150)
    address = payloads.text(given.get("email"), 254).lower()
    if not kind or not event_id or not address:
        raise Refused("This is not an event of SendGrid's.")
    message_id = payloads.text(given.get("smtp-id"))
    status, reason = _meaning(kind, given)
    is_refused = status is Status.UNDELIVERED
    return EmailEvent(
        event_id=payloads.key(kind, event_id),
        kind=kind,
        address=address,
        refs=tuple(found for found in (payloads.text(given.get("ref"), 100), local_part(message_id)) if found),
        provider_id=message_id,
        status=status,
        reason=reason,
        detail=payloads.text(given.get("reason")) if is_refused else "",
        resubscribed=kind == "group_resubscribe",
    )


def _meaning(kind: str, given: Mapping[str, Any]) -> tuple[Status | None, Reason | None]:
    if kind == "delivered":
        return Status.DELIVERED, None
    if kind == "dropped":
        return Status.UNDELIVERED, DROPS.get(payloads.text(given.get("reason")).lower())
    if kind == "bounce":
        return Status.UNDELIVERED, None if given.get("type") == "blocked" else Reason.BOUNCED
    return None, SUPPRESSING.get(kind)
