"""Calls through Vonage's Voice API: our collector's phone rings first, then it is joined to the debtor's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import structlog
from pydantic import ValidationError
from requests.exceptions import RequestException

from wiseops.adapters.vonage_clients import Account, Clients, is_forged, is_unreachable, title
from wiseops.domain.calls import DEADLINE, LONGEST, RINGS, CallFailed, Placed

if TYPE_CHECKING:
    from vonage_voice.models import CreateCallRequest

STATUSES = {
    400: "Vonage refused the call",
    401: "Vonage does not accept our key",
    402: "Vonage says that the balance is too low",
    403: "Vonage does not allow this application to call",
    404: "Vonage does not know this application",
    422: "Vonage refused the call",
    429: "Vonage takes no more calls at the moment",
}
"""Answers that start no call. Any other, 5xx among them, may hide one that was started."""

OVER = 404
_UNCLEAR = "Vonage gave no clear answer"
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class CallsVonage:
    """The caller. News of each leg comes to our webhook, which is named with the call."""

    account: Account
    total: float = DEADLINE
    _clients: Clients = field(init=False)

    def __post_init__(self) -> None:
        self._clients = Clients(self.account, self.total)

    def call(self, ref: str, *, to_collector: str, to_debtor: str) -> Placed:
        """One POST, never repeated."""
        from vonage import VonageError

        try:
            request = self._request(ref, to_collector.removeprefix("+"), to_debtor.removeprefix("+"))
        except ValidationError:
            raise CallFailed("Vonage takes only whole phone numbers with their country code.") from None
        try:
            started = self._clients.own().voice.create_call(request)
        except VonageError as error:
            raise _answered(error, ref) from None
        except (RequestException, ValidationError, TypeError, ValueError, OSError) as error:
            raise _unanswered(error, ref) from None
        return Placed(started.uuid, started.conversation_uuid)

    def hang_up(self, leg_id: str) -> None:
        """One PUT. Vonage knows a call no more once it is over."""
        from vonage import VonageError

        try:
            self._clients.own().voice.hangup(leg_id)
        except VonageError as error:
            if getattr(getattr(error, "response", None), "status_code", None) != OVER:
                raise _answered(error, leg_id) from None
        except (RequestException, TypeError, ValueError, OSError) as error:
            raise _unanswered(error, leg_id) from None

    def _request(self, ref: str, collector: str, debtor: str) -> CreateCallRequest:
        """The control objects spell their fields in camelCase; one in another spelling is dropped in silence."""
        from vonage_voice.models import Connect, CreateCallRequest, Phone, PhoneEndpoint, ToPhone

        ours = self.account.number.removeprefix("+")
        join = Connect(
            endpoint=[PhoneEndpoint(number=debtor)],
            from_=ours,
            timeout=RINGS,
            limit=int(LONGEST.total_seconds()),
            eventUrl=[self._news(ref, "debtor")],
            eventMethod="POST",
        )
        return CreateCallRequest(
            to=[ToPhone(number=collector)],
            from_=Phone(number=ours),
            ringing_timer=RINGS,
            event_url=[self._news(ref, "collector")],
            event_method="POST",
            ncco=[join],
        )

    def _news(self, ref: str, leg: str) -> str:
        return f"{self.account.webhook_url}?{urlencode({'call': ref, 'leg': leg})}"


def _answered(error: Any, ref: str) -> CallFailed:
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if status not in STATUSES:
        _log.error("call_unclear", ref=ref, status=status, error=type(error).__name__)
        return CallFailed(f"{_UNCLEAR} ({status or type(error).__name__}).", unclear=True)
    refused = f": {title(response)}" if status in (400, 422) else ""
    return CallFailed(f"{STATUSES[status]}{refused}.")


def _unanswered(error: Exception, ref: str) -> CallFailed:
    if is_forged(error):
        return CallFailed("Vonage's certificate is not to be trusted.")
    if is_unreachable(error):
        return CallFailed("Vonage could not be reached.")
    _log.error("call_unclear", ref=ref, error=type(error).__name__)
    return CallFailed(f"{_UNCLEAR} ({type(error).__name__}).", unclear=True)
