"""SMS through Vonage's Messages API: one request a message, and a clear word on what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import ValidationError
from requests.exceptions import RequestException

from wiseops.adapters.vonage_clients import Account, Clients, asks_to_wait, is_forged, is_silent, is_unreachable, title
from wiseops.domain.messages import Accepted, Failure, Outbound, SendFailed

TOTAL = 20.0
"""Seconds of a whole request, connecting included: below DEADLINE."""

STATUSES = {
    401: (Failure.CHANNEL, "Vonage does not accept our key."),
    402: (Failure.CHANNEL, "Vonage says that the balance is too low."),
    403: (Failure.CHANNEL, "Vonage does not allow this application to send."),
    404: (Failure.CHANNEL, "Vonage does not know this application or address."),
    422: (Failure.REJECTED, "Vonage refused the message"),
    429: (Failure.TRY_LATER, "Vonage takes no more at the moment."),
}
"""What an answer means. Any other, 5xx among them, may hide a message that was taken."""

_UNCLEAR = "Vonage gave no clear answer"
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SmsVonage:
    """Each thread has a client of its own: the SDK's is not safe to share."""

    account: Account
    total: float = TOTAL
    name: str = "vonage"
    reaches_people: bool = True
    _clients: Clients = field(init=False)

    def __post_init__(self) -> None:
        self._clients = Clients(self.account, self.total)

    def warm(self) -> None:
        """Makes this thread's client now: importing the SDK takes a second that no pause should wait for."""
        self._clients.own()

    def send(self, outbound: Outbound) -> Accepted:
        """One POST, never repeated here."""
        from vonage import VonageError
        from vonage_messages.models import Sms

        try:
            sms = Sms(
                to=outbound.to.removeprefix("+"),
                from_=(outbound.sender or self.account.number).removeprefix("+"),
                text=outbound.body,
                client_ref=outbound.ref,
                webhook_url=self.account.webhook_url,
            )
        except ValidationError as wrong:
            fields = ", ".join(sorted({str(error["loc"][0]) for error in wrong.errors()}))
            raise SendFailed(Failure.REJECTED, f"Vonage would not take this: {fields}.") from None
        try:
            return Accepted(self._clients.own().messages.send(sms).message_uuid)
        except VonageError as error:
            raise _answered(error, outbound.ref) from None
        except (RequestException, ValidationError, TypeError, ValueError, OSError) as error:
            raise _unanswered(error, outbound.ref) from None


def _answered(error: Any, ref: str) -> SendFailed:
    """What an HTTP answer says."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if status not in STATUSES:
        _log.error("sms_unclear", ref=ref, status=status, error=type(error).__name__)
        return SendFailed(Failure.UNKNOWN, f"{_UNCLEAR} ({status or type(error).__name__}).")
    failure, words = STATUSES[status]
    if failure is Failure.REJECTED:
        return SendFailed(failure, f"{words}: {title(response)}.")
    return SendFailed(failure, words, retry_after=asks_to_wait(response))


def _unanswered(error: Exception, ref: str) -> SendFailed:
    """What no answer says: without a connection nothing was accepted; else nobody knows."""
    if is_forged(error):
        return SendFailed(Failure.CHANNEL, "Vonage's certificate is not to be trusted.")
    if is_unreachable(error):
        return SendFailed(Failure.TRY_LATER, "Vonage could not be reached.", timed_out=is_silent(error))
    _log.error("sms_unclear", ref=ref, error=type(error).__name__)
    return SendFailed(Failure.UNKNOWN, f"{_UNCLEAR} ({type(error).__name__}).", timed_out=is_silent(error))
