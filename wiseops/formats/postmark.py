"""Postmark's webhooks about what it sent for us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wiseops.domain.errors import Refused
from wiseops.domain.messages import Status
from wiseops.domain.suppressions import Reason
from wiseops.formats import payloads
from wiseops.formats.email_events import EmailEvent

BOUNCES: Mapping[str, Reason | None] = {
    "HardBounce": Reason.BOUNCED,
    "BadEmailAddress": Reason.BOUNCED,
    "ManuallyDeactivated": Reason.BOUNCED,
    "SpamNotification": None,
    "SpamComplaint": Reason.COMPLAINT,
    "Unsubscribe": Reason.OPTED_OUT,
    "Blocked": None,
    "SMTPApiError": None,
    "DMARCPolicy": None,
    "TemplateRenderingFailed": None,
    "SoftBounce": None,
}
"""Bounces that are final; those without a reason say nothing against the address. Others may still arrive."""

SOFT = "SoftBounce"

STOPPED: Mapping[str, Reason] = {
    "HardBounce": Reason.BOUNCED,
    "SpamComplaint": Reason.COMPLAINT,
    "ManualSuppression": Reason.OPTED_OUT,
}
_WHEN = ("ID", "BouncedAt", "DeliveredAt", "ChangedAt", "ReceivedAt")


def is_event(given: Any) -> bool:
    """Whether it is one of theirs; an inbound e-mail is not."""
    return bool(payloads.text(payloads.mapping(given).get("RecordType")))


def event(given: Any) -> EmailEvent:
    """One webhook. Raises Refused where it has no message or no address."""
    given = payloads.mapping(given)
    kind, message_id = payloads.text(given.get("RecordType"), 40), payloads.text(given.get("MessageID"), 100)
    address = payloads.text(given.get("Email") or given.get("Recipient"), 254).lower()
    if not kind or not message_id or not address:
        raise Refused("This is not an event of Postmark's.")
    when = next((found for name in _WHEN if (found := payloads.text(given.get(name), 60))), "")
    ref = payloads.text(payloads.mapping(given.get("Metadata")).get("ref"), 100)
    status, reason, detail, resubscribed = _meaning(kind, given)
    return EmailEvent(
        event_id=payloads.key(kind, message_id, when, address),
        kind=kind,
        address=address,
        refs=tuple(found for found in (ref, payloads.text(given.get("Tag"), 100)) if found),
        provider_id=message_id,
        status=status,
        reason=reason,
        detail=detail,
        resubscribed=resubscribed,
        soft=kind == "Bounce" and given.get("Type") == SOFT,
    )


def _meaning(kind: str, given: Mapping[str, Any]) -> tuple[Status | None, Reason | None, str, bool]:
    if kind == "Delivery":
        return Status.DELIVERED, None, "", False
    if kind == "SpamComplaint":
        return None, Reason.COMPLAINT, "", False
    if kind == "Bounce":
        bounce = payloads.text(given.get("Type"), 40)
        if bounce not in BOUNCES:
            return None, None, "", False
        detail = payloads.text(given.get("Name"), 60) + ": " + payloads.text(given.get("Details"), 130)
        return Status.UNDELIVERED, BOUNCES[bounce], detail.strip(": "), False
    if kind == "SubscriptionChange":
        if given.get("SuppressSending") is not True:
            return None, None, "", True
        return None, STOPPED.get(payloads.text(given.get("SuppressionReason")), Reason.OPTED_OUT), "", False
    return None, None, "", False
