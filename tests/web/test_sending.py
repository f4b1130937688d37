"""The settings page of sending: trial or live, limits, and the stop of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Automation, AutomationSwitch, Channel
from wiseops.services import claims

LIMITS = {"trial_email": "", "trial_phone": "", "daily": "", "email_pace": "20", "sms_pace": "5"}


def switch() -> Automation:
    return db.session.get_one(Automation, 1, populate_existing=True)


def test_limits_are_kept_and_a_number_gets_its_one_spelling(admin: Browser):
    typed = LIMITS | {"trial_email": "us@example.com", "trial_phone": "20 12 34 56", "daily": "300"}
    assert admin.post("/settings/sending", data=typed).status_code == 303

    assert (switch().trial_email, switch().trial_phone, switch().daily_limit) == ("us@example.com", "+4520123456", 300)
    paces = db.session.execute(select(Channel.name, Channel.per_second)).all()
    assert dict(map(tuple, paces)) == {"email": 20, "sms": 5}


def test_what_makes_no_sense_is_refused_on_its_field(admin: Browser):
    for field, value in (("trial_email", "nobody"), ("trial_phone", "12"), ("daily", "0"), ("sms_pace", "")):
        answer = admin.post("/settings/sending", data=LIMITS | {field: value})
        assert answer.status_code == 422, field
        assert f'id="{field}-errors"' in answer.text


def test_an_admin_goes_live_and_back_and_it_is_known_who_did(admin: Browser):
    admin.post("/settings/sending/live")
    assert switch().mode == "live"
    admin.post("/settings/sending/trial")
    assert switch().mode == "trial"

    turns = db.session.execute(select(AutomationSwitch.kind, AutomationSwitch.reason)).all()
    assert turns == [("mode", "live"), ("mode", "trial")]
    assert "Admin" in admin.get("/settings/sending").text


def test_files_in_production_never_go_live(admin: Browser, app: Flask):
    app.extensions["wiseops"] = replace(app.extensions["wiseops"], env="production")

    admin.post("/settings/sending/live")

    assert switch().mode == "trial"
    assert "SMS_BACKEND=vonage" in admin.get("/settings/sending").text


def test_a_manager_stops_everything_but_changes_no_mode(manager: Browser):
    assert manager.post("/settings/sending/live").status_code == 403
    assert manager.post("/settings/sending", data=LIMITS).status_code == 403
    assert manager.post("/settings/sending/stop", data={"reason": ""}).status_code == 422

    manager.post("/settings/sending/stop", data={"reason": "wrong figures"})
    assert "wrong figures" in manager.get("/settings/sending").text
    assert claims.take("email", worker="w", now=datetime(2026, 3, 3, tzinfo=UTC)) == []

    manager.post("/settings/sending/start")
    assert not switch().stopped


def test_a_collector_does_not_see_it(collector: Browser):
    assert collector.get("/settings/sending").status_code == 403
