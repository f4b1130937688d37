"""A fresh installation is useful at once."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import func, select

from wiseops.domain.guardrails.windows import why_closed
from wiseops.extensions import db
from wiseops.models import Automation, Channel, Company, Disposition, Plan, PlanStep, Template, TemplateVersion
from wiseops.queries import automation


def test_the_company_is_danish_with_thirty_days_and_every_currency(app: Flask):
    company = db.session.get_one(Company, 1)

    assert (company.country, company.timezone, company.currency) == ("DK", "Europe/Copenhagen", "DKK")
    assert (company.terms_days, company.currencies, company.business_days) == (30, [], [0, 1, 2, 3, 4])


def test_automation_waits_paused_and_in_trial_mode(app: Flask):
    switch = db.session.get_one(Automation, 1)

    assert (switch.paused, switch.mode, switch.stopped) == (True, "trial", False)


def test_the_standard_plan_reminds_at_3_10_and_20_days_and_calls_at_30(app: Flask):
    plan = db.session.scalars(select(Plan)).one()
    steps = db.session.scalars(select(PlanStep).order_by(PlanStep.position)).all()
    names = {template.id: template.name for template in db.session.scalars(select(Template))}

    assert (plan.name, plan.conditions, plan.stop_below) == ("Standard", {"days_overdue": 1}, {"*": "5.00"})
    assert (plan.review_after, plan.active) == (7, True)
    assert [(s.offset_days, s.channels, names.get(s.template_id)) for s in steps] == [
        (3, ["email", "sms"], "Friendly reminder"),
        (10, ["email", "sms"], "Second reminder"),
        (20, ["email", "sms"], "Final notice"),
        (30, ["call"], None),
    ]
    assert {(tuple(s.weekdays), s.at, s.min_gap_days) for s in steps} == {((0, 1, 2, 3, 4), "10:00", 5)}


def test_each_template_speaks_three_languages_on_both_channels(app: Flask):
    counted = db.session.execute(
        select(TemplateVersion.channel, TemplateVersion.language, func.count()).group_by(
            TemplateVersion.channel, TemplateVersion.language
        )
    ).all()

    assert {(c, lang): n for c, lang, n in counted} == {
        (channel, language): 3 for channel in ("email", "sms") for language in ("da", "en", "nb")
    }


def test_channels_and_dispositions_are_there(app: Flask):
    channels = {channel.name: channel.per_second for channel in db.session.scalars(select(Channel))}
    dispositions = db.session.scalars(select(Disposition.name).order_by(Disposition.position)).all()

    assert channels == {"email": 10, "sms": 5}
    assert dispositions == ["No Answer", "Left Message", "Spoke to Customer"]


HOURS = {
    ("DK", "Europe/Copenhagen"): {
        "Mon": ("08:00:00", "20:00:00"), "Fri": ("08:00:00", "20:00:00"), "Sat": None, "Sun": None,
    },
    ("SE", "Europe/Stockholm"): {"Mon": ("08:00:00", "20:00:00"), "Sat": None, "Sun": None},
    ("NO", "Europe/Oslo"): {"Mon": ("08:00:00", "21:00:00"), "Sat": ("09:00:00", "15:00:00"), "Sun": None},
    ("US", "America/New_York"): {"Mon": ("08:00:00", "21:00:00"), "Sat": ("08:00:00", "21:00:00"), "Sun": None},
    ("DE", "Europe/Berlin"): {"Mon": ("08:00:00", "20:00:00"), "Sat": ("08:00:00", "20:00:00"), "Sun": None},
    ("GB", "Europe/London"): {"Mon": ("08:00:00", "20:00:00"), "Sat": ("10:00:00", "16:00:00"), "Sun": None},
    ("FR", "Europe/Paris"): {"Mon": ("08:00:00", "20:00:00"), "Sat": None, "Sun": None},
}  # fmt: skip
DAYS = {"Mon": "2026-03-02", "Fri": "2026-03-06", "Sat": "2026-03-07", "Sun": "2026-03-08"}


def test_each_country_keeps_decent_hours(app: Flask):
    rules = automation.rules()

    def closed(country: str, zone: str, day: str, at: str) -> str | None:
        moment = datetime.fromisoformat(f"{DAYS[day]} {at}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        return why_closed((zone,), rules.guardrails_of(country).hours, rules.calendar(country), moment)

    for (country, zone), days in HOURS.items():
        for day, span in days.items():
            opens, closes = span or ("12:00:00", "12:00:00")
            found = [closed(country, zone, day, at) for at in (opens, closes)]
            assert found == ([None, "window"] if span else ["weekday", "weekday"]), (country, day)
            if span:
                assert closed(country, zone, day, f"{int(opens[:2]) - 1:02}:59:59") == "window", (country, day)
                assert closed(country, zone, day, f"{int(closes[:2]) - 1}:59:59") is None, (country, day)


def test_closed_days_count_everywhere_and_americans_are_contacted_so_often_at_most(app: Flask):
    rules = automation.rules()

    assert {(code, limits.holidays, limits.gap_days) for code, limits in rules.guardrails.items()} == {
        (code, True, 0) for code in ("", "DE", "DK", "GB", "NO", "SE", "US")
    }
    assert list(rules.guardrails["US"].caps("call")) == [("", 3, 7), ("call", 7, 7)]
    assert list(rules.guardrails["US"].caps("sms")) == [("", 3, 7), ("sms", 2, 7)]
    assert not any(limits.counts for code, limits in rules.guardrails.items() if code != "US")


def test_the_next_row_gets_the_next_id(app: Flask):
    db.session.add(Template(name="Another", archived=False))
    db.session.add(Company(name="x"))
    db.session.flush()

    assert db.session.scalar(select(func.max(Template.id))) == 4
