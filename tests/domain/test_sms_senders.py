"""Who an SMS is from, by the country of the number."""

import pytest

from wiseops.domain import sms_senders

BY_COUNTRY = "NO Nordlys NO\nUS +12025550123"


@pytest.mark.parametrize(
    ("to", "usual", "by_country", "sender"),
    [
        ("+4520123456", "Nordlys", BY_COUNTRY, "Nordlys"),
        ("+4791234567", "Nordlys", BY_COUNTRY, "Nordlys NO"),
        ("+12025550188", "Nordlys", BY_COUNTRY, "+12025550123"),
        ("+12025550188", "Nordlys", "", ""),
        ("+12025550188", "+4599999999", "", "+4599999999"),
        ("+88216543210", "Nordlys", BY_COUNTRY, "Nordlys"),
        ("+4520123456", "", "", ""),
    ],
)
def test_the_sender_fits_the_country(to: str, usual: str, by_country: str, sender: str):
    assert sms_senders.choose(to, usual=usual, by_country=by_country) == sender
