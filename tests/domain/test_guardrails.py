"""When, where and how often a debtor may be contacted, as tables of cases."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from wiseops.domain import phones
from wiseops.domain.automation.decision import Reason
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.asking import Allowed, Answer, Blocked, Deferred, Facts, Override, Request, ask, frees_on
from wiseops.domain.guardrails.settings import EVERY_DAY, Guardrails, check
from wiseops.domain.guardrails.windows import candidates, why_closed, window
from wiseops.domain.holidays import Calendar, public

COPENHAGEN, OSLO = ("Europe/Copenhagen",), ("Europe/Oslo",)
EASTERN, PACIFIC = "America/New_York", "America/Los_Angeles"
TO_NINE = Guardrails("US", closes=time(21), saturday_closes=time(21), sunday_closes=time(21))
LAX = Guardrails()


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("country", "zones", "rails", "at", "expected"),
    [
        ("DK", COPENHAGEN, LAX, "2026-03-03 07:59:59", "window"),
        ("DK", COPENHAGEN, LAX, "2026-03-03 08:00:00", None),
        ("DK", COPENHAGEN, LAX, "2026-03-03 19:59:59.999999", None),
        ("DK", COPENHAGEN, LAX, "2026-03-03 20:00:00", "window"),
        ("DK", COPENHAGEN, TO_NINE, "2026-03-03 20:59:59", None),
        ("DK", COPENHAGEN, TO_NINE, "2026-03-03 21:00:00", "window"),
        ("DK", COPENHAGEN, LAX, "2026-04-02 10:00", "holiday"),  # Maundy Thursday
        ("DK", COPENHAGEN, LAX, "2023-05-05 10:00", "holiday"),  # Great Prayer Day, for the last time
        ("DK", COPENHAGEN, LAX, "2024-04-26 10:00", None),
        ("DK", COPENHAGEN, Guardrails(holidays=False), "2026-04-02 10:00", None),
        ("DK", COPENHAGEN, Guardrails(weekdays=frozenset(range(5))), "2026-03-07 10:00", "weekday"),
        ("DK", COPENHAGEN, LAX, "2026-03-07 10:00", None),
        ("NO", OSLO, LAX, "2026-05-17 10:00", "holiday"),
        ("DK", COPENHAGEN, LAX, "2026-05-17 10:00", None),
        ("NO", OSLO, Guardrails("NO", saturday_opens=time(9), saturday_closes=time(15)), "2026-03-07 08:59", "window"),
        ("NO", OSLO, Guardrails("NO", saturday_opens=time(9), saturday_closes=time(15)), "2026-03-07 09:00", None),
        ("NO", OSLO, Guardrails("NO", saturday_opens=time(9), saturday_closes=time(15)), "2026-03-07 15:00", "window"),
        ("US", (EASTERN,), TO_NINE, "2026-07-03 10:00", "holiday"),  # Independence Day, observed
        ("US", (EASTERN,), TO_NINE, "2026-07-02 10:00", None),
        ("US", (EASTERN, PACIFIC), TO_NINE, "2026-07-02 10:59:59", "window"),
        ("US", (EASTERN, PACIFIC), TO_NINE, "2026-07-02 11:00", None),
        ("US", (EASTERN, PACIFIC), TO_NINE, "2026-07-02 20:59:59", None),
        ("US", (EASTERN, PACIFIC), TO_NINE, "2026-07-02 21:00", "window"),
        ("US", (EASTERN, "Pacific/Honolulu"), TO_NINE, "2026-01-08 12:59", "window"),
        ("US", (EASTERN, "Pacific/Honolulu"), TO_NINE, "2026-01-08 13:00", None),
        ("US", (EASTERN, "Pacific/Honolulu"), TO_NINE, "2026-07-02 13:59", "window"),
        ("US", (EASTERN, "Pacific/Honolulu"), TO_NINE, "2026-07-02 14:00", None),
        ("US", (EASTERN,), TO_NINE, "2026-03-08 07:59", "window"),  # clocks went forward that night
        ("US", (EASTERN,), TO_NINE, "2026-03-08 08:00", None),
        ("US", (EASTERN,), TO_NINE, "2026-11-01 08:00", None),  # and back
        ("DK", COPENHAGEN, LAX, "2026-03-29 07:59", "window"),
        ("DK", COPENHAGEN, LAX, "2026-03-29 08:00", None),
        ("DK", COPENHAGEN, LAX, "2026-10-25 08:00", None),
        ("DK", COPENHAGEN, LAX, "2026-10-25 20:00", "window"),
    ],
)
def test_what_closes_a_moment(country: str, zones: tuple[str, ...], rails: Guardrails, at: str, expected: str | None):
    now, calendar = local(at, zones[0]), public(country) if rails.holidays else None

    assert why_closed(zones, rails.hours, calendar, now) == expected
    opens, closes = window(zones, rails.hours, calendar, now)
    assert (opens <= now < closes) == (expected is None)


@pytest.mark.parametrize(
    ("zones", "opens", "closes", "day", "span"),
    [
        ((EASTERN,), time(8), time(20), "2026-03-08", ("12:00", "00:00")),
        ((EASTERN,), time(8), time(20), "2026-03-07", ("13:00", "01:00")),
        ((EASTERN,), time(8), time(20), "2026-11-01", ("13:00", "01:00")),
        (COPENHAGEN, time(8), time(20), "2026-03-29", ("06:00", "18:00")),
        (COPENHAGEN, time(8), time(20), "2026-10-25", ("07:00", "19:00")),
        ((EASTERN,), time(2, 30), time(9), "2026-03-08", ("07:30", "13:00")),  # 02:30 does not come: the later
        ((EASTERN,), time(1, 30), time(9), "2026-11-01", ("06:30", "14:00")),  # 01:30 comes twice: the later
        ((EASTERN,), time(0), time(1, 30), "2026-11-01", ("04:00", "05:30")),  # and closes at the first
        (COPENHAGEN, time(2, 30), time(9), "2026-03-29", ("01:30", "07:00")),
        (COPENHAGEN, time(2, 30), time(9), "2026-10-25", ("01:30", "08:00")),
    ],
)
def test_the_night_the_clocks_change(zones, opens: time, closes: time, day: str, span: tuple[str, str]):
    hours = ((opens, closes),) * 7

    found = window(zones, hours, None, local(f"{day} 00:00", zones[0]))

    assert tuple(f"{at:%H:%M}" for at in found) == span


@pytest.mark.parametrize(
    ("zone", "country", "numbers", "expected"),
    [
        (None, "DK", ["+4520123456"], COPENHAGEN),
        (PACIFIC, "US", ["+12125551234"], (PACIFIC, EASTERN)),
        (None, "US", ["+12125551234"], (EASTERN,)),
        (None, "US", ["+12125551234", "+13105551234"], (EASTERN, PACIFIC)),
        (PACIFIC, "US", ["+18005551234"], (PACIFIC,)),
        (None, None, [], COPENHAGEN),
        (None, None, ["+12125551234"], (EASTERN,)),
        (None, "XX", [], COPENHAGEN),
    ],
)
def test_where_a_debtor_may_be(zone: str | None, country: str | None, numbers: list[str], expected: tuple[str, ...]):
    found = tuple(dict.fromkeys(place for number in numbers for place in phones.zones(number)))

    assert candidates(zone, country, found, "Europe/Copenhagen") == expected


def test_a_number_that_could_be_anywhere_gets_the_countrys_narrowest_window():
    zones = candidates(None, "US", phones.zones("+18005551234"), "Europe/Copenhagen")

    assert {EASTERN, PACIFIC, "Pacific/Honolulu", "America/Anchorage"} <= set(zones)
    assert window(zones, TO_NINE.hours, None, local("2026-07-02 00:00", EASTERN)) == (
        local("2026-07-02 14:00", EASTERN),
        local("2026-07-02 21:00", EASTERN),
    )


def test_zones_that_never_wake_together_are_never_open():
    halves = (time(8), time(19)), (time(8), time(10))
    assert window(("Europe/London", "Pacific/Auckland"), (halves[1],) * 7, None, local("2026-07-02", EASTERN)) is None


def test_a_day_kept_as_closed_counts_and_another_year_asks_the_package():
    kept = Calendar("DK", frozenset({date(2026, 12, 31)}), frozenset({2026}))

    assert kept.closes(date(2026, 12, 31))
    assert not kept.closes(date(2026, 12, 25))
    assert kept.closes(date(2027, 12, 25))


TUESDAY = date(2026, 3, 3)
NOON = local("2026-03-03 12:00", "Europe/Copenhagen")
CAPS = Guardrails(cap=3, cap_days=7, sms_cap=2, sms_days=7)


def answer(request: Request, rails: Guardrails = LAX, *, now: datetime = NOON, **known: object) -> Answer:
    return ask(request, Facts(COPENHAGEN, "Europe/Copenhagen", **known), rails, public("DK"), now)


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


def days_ago(*pairs: tuple[int, str]) -> tuple[tuple[date, str], ...]:
    return tuple((TUESDAY - timedelta(days=days), channel) for days, channel in pairs)


@pytest.mark.parametrize(
    ("request_", "rails", "known", "expected"),
    [
        (Request("sms"), LAX, {}, "allowed"),
        (Request("sms"), LAX, {"suppressed": "opted_out"}, ["opted_out"]),
        (Request("email"), LAX, {"suppressed": "bounced"}, ["bounced"]),
        (Request("sms"), LAX, {"block": "deceased"}, ["blocked"]),
        (Request("sms", automatic=True), LAX, {"paused": True}, ["paused"]),
        (Request("sms"), LAX, {"paused": True}, "allowed"),
        (Request("sms"), CAPS, {"contacts": days_ago((1, "sms"), (2, "sms"))}, date(2026, 3, 8)),
        (Request("email"), CAPS, {"contacts": days_ago((1, "sms"), (2, "sms"))}, "allowed"),
        (Request("email"), CAPS, {"contacts": days_ago((1, "sms"), (2, "sms"), (6, "call"))}, date(2026, 3, 4)),
        (Request("email"), CAPS, {"contacts": days_ago((1, "sms"), (2, "sms"), (7, "call"))}, "allowed"),
        (Request("email", automatic=True), Guardrails(gap_days=2), {"contacts": days_ago((1, "sms"))}, TUESDAY),
        (Request("email"), Guardrails(gap_days=2), {"contacts": days_ago((1, "sms"))}, "allowed"),
    ],
)
def test_what_a_guardrail_answers(request_: Request, rails: Guardrails, known: dict, expected: object):
    found = answer(request_, rails, **known)

    match expected:
        case "allowed":
            assert found == Allowed()
        case list():
            assert isinstance(found, Blocked)
            assert codes(found.reasons) == expected
        case date():
            day = max(expected, TUESDAY + timedelta(days=1))
            assert isinstance(found, Deferred)
            assert found.until == local(f"{day} 08:00", "Europe/Copenhagen")


def test_outside_the_window_it_is_deferred_to_the_next_open_moment():
    evening = local("2026-04-01 21:00", "Europe/Copenhagen")

    found = answer(Request("sms"), now=evening)

    assert isinstance(found, Deferred)
    assert (codes(found.reasons), found.until) == (["window"], local("2026-04-04 08:00", "Europe/Copenhagen"))


def test_an_override_goes_past_window_cap_and_block_and_says_so():
    request = Request("sms", override=Override(7, "She asked for it."))
    known = {"contacts": days_ago((1, "sms"), (2, "sms")), "block": "asked"}

    found = answer(request, CAPS, now=local("2026-03-03 21:00", "Europe/Copenhagen"), **known)

    assert isinstance(found, Allowed)
    assert codes(found.lifted) == ["blocked", "cap", "window"]


@pytest.mark.parametrize("reason", ["opted_out", "complaint", "invalid", "bounced"])
def test_nobody_overrides_an_address_that_must_not_be_used(reason: str):
    found = answer(Request("sms", override=Override(7, "But I want to.")), suppressed=reason)

    assert isinstance(found, Blocked)
    assert codes(found.reasons) == [reason]


def test_an_override_needs_a_reason():
    with pytest.raises(Refused):
        Override(7, "  ")


def test_the_eighth_call_in_seven_days_waits_for_the_first_to_leave_them():
    calls = [(TUESDAY + timedelta(days=day), "call") for day in range(7)]

    assert frees_on(calls, "call", 7, 7) == TUESDAY + timedelta(days=7)
    assert frees_on(calls[:6], "call", 7, 7) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes": time(8)}, "closes"),
        ({"saturday_opens": time(21)}, "saturday_closes"),
        ({"weekdays": frozenset()}, "weekdays"),
        ({"cap": 0}, "cap"),
        ({"sms_days": 0}, "sms_days"),
        ({"gap_days": -1}, "gap_days"),
    ],
)
def test_limits_under_which_nothing_could_go_are_refused(changes: dict, field: str):
    with pytest.raises(Refused) as refused:
        check(Guardrails(**changes))
    assert refused.value.field == field
    assert check(Guardrails(weekdays=EVERY_DAY)) == LAX
