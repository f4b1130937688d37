"""The settings page of guardrails and closed days."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser
from wiseops.queries import automation

US = {
    "weekdays": ["0", "1", "2", "3", "4"],
    **{
        f"{day}{name}": at
        for day in ("", "saturday_", "sunday_")
        for name, at in (("opens", "09:00"), ("closes", "20:00"))
    },
    "holidays": "y",
    "cap": "3",
    "cap_days": "7",
    "call_cap": "7",
    "call_days": "7",
    "sms_cap": "",
    "sms_days": "7",
    "gap_days": "0",
}


def test_only_admins_set_guardrails(manager: Browser):
    assert manager.get("/settings/guardrails").status_code == 403
    assert manager.post("/settings/guardrails/US", data=US).status_code == 403


def test_defaults_wait_to_be_confirmed_and_what_is_saved_is(admin: Browser):
    assert admin.get("/settings/guardrails").text.count("Default to confirm") == 7

    assert admin.post("/settings/guardrails/US", data=US).status_code == 303

    assert admin.get("/settings/guardrails").text.count("Default to confirm") == 6
    rules = automation.rules().guardrails["US"]
    assert (rules.cap, rules.sms_cap, sorted(rules.weekdays), f"{rules.opens:%H:%M}") == (
        3,
        None,
        [0, 1, 2, 3, 4],
        "09:00",
    )


@pytest.mark.parametrize(("field", "value"), [("closes", "08:00"), ("cap", "0"), ("gap_days", "")])
def test_limits_that_make_no_sense_are_refused_on_their_field(admin: Browser, field: str, value: str):
    answer = admin.post("/settings/guardrails/US", data=US | {field: value})

    assert answer.status_code == 422
    assert f'id="{field}-errors"' in answer.text


def test_a_day_is_closed_and_opened_again(admin: Browser):
    assert "Christmas" in admin.get("/settings/guardrails/DK?year=2027").text
    admin.post("/settings/guardrails/DK/days", data={"day": "2027-12-31", "name": "Office party"})
    assert "Office party" in admin.get("/settings/guardrails/DK?year=2027").text

    admin.post("/settings/guardrails/DK/days/2027-12-31/opening")
    assert "Office party" not in admin.get("/settings/guardrails/DK?year=2027").text
    assert admin.post("/settings/guardrails/DK/days", data={"day": "2027-12-25", "name": "x"}).status_code == 422


def test_another_country_gets_limits_of_its_own(admin: Browser):
    assert admin.get("/settings/guardrails/country?code=FR").location.endswith("/settings/guardrails/FR")
    admin.post("/settings/guardrails/FR", data=US)

    assert automation.rules().guardrails["FR"].cap == 3


def test_an_unknown_country_or_day_is_not_found(admin: Browser):
    assert admin.get("/settings/guardrails/XX").status_code == 404
    assert admin.post("/settings/guardrails/DK/days/soon/opening").status_code == 404
