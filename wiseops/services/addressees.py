"""Addressees: whom a person's message goes to, and who may not be written to."""

from __future__ import annotations

from wiseops.domain import phones
from wiseops.domain.compositions import Draft
from wiseops.domain.errors import Refused
from wiseops.domain.suppressions import Reason
from wiseops.extensions import db
from wiseops.models import Contact
from wiseops.queries import suppressions

_NEVER = {
    Reason.OPTED_OUT: "They asked not to be written to at",
    Reason.COMPLAINT: "They called our mail unwanted at",
    Reason.INVALID: "There is nobody at",
    Reason.BOUNCED: "What went there came back:",
}


def choose(account_id: int, draft: Draft) -> tuple[Contact, str]:
    """The contact and its address. Raises Refused on the field where it is gone or may not be written to."""
    contact = db.session.get(Contact, draft.to or 0)
    if contact is None or contact.account_id != account_id:
        raise Refused(
            "Choose whom it goes to." if draft.to is None else "This contact was removed. Choose another.", "to"
        )
    address = contact.phone if draft.channel == "sms" else contact.email
    if not address:
        what = "valid phone number" if draft.channel == "sms" else "e-mail address"
        raise Refused(f"This contact has no {what} any more. Choose another.", "to")
    refuse_unseen(address, draft.shown, "to")
    _refuse_suppressed(draft, address)
    return contact, address


def refuse_unseen(address: str, shown: str | None, field: str) -> None:
    """Raises Refused with the address where the form `shown` another: an import or a colleague changed it."""
    if shown is not None and shown.lower() != address.lower():
        raise Refused(f"It became {phones.shown(address)} meanwhile. Look at it, then press again.", field)


def _refuse_suppressed(draft: Draft, to: str) -> None:
    barred = suppressions.standing(draft.channel, [to, *draft.cc])
    for address in (to, *draft.cc):
        if (reason := barred.get(address.lower())) is not None:
            raise Refused(f"{_NEVER[Reason(reason)]} {address}.", "to" if address == to else "cc")
