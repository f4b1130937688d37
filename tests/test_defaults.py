"""A fresh installation is useful at once."""

from flask import Flask
from sqlalchemy import func, select

from wiseops.extensions import db
from wiseops.models import Automation, Channel, Company, Disposition, Plan, PlanStep, Template, TemplateVersion


def test_the_company_is_danish_with_thirty_days_and_every_currency(app: Flask):
    company = db.session.get_one(Company, 1)

    assert (company.country, company.timezone, company.currency) == ("DK", "Europe/Copenhagen", "DKK")
    assert (company.terms_days, company.currencies, company.business_days) == (30, [], [0, 1, 2, 3, 4])


def test_automation_waits_paused_and_in_trial_mode(app: Flask):
    automation = db.session.get_one(Automation, 1)

    assert (automation.paused, automation.mode, automation.stopped) == (True, "trial", False)


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


def test_the_next_row_gets_the_next_id(app: Flask):
    db.session.add(Template(name="Another", archived=False))
    db.session.add(Company(name="x"))
    db.session.flush()

    assert db.session.scalar(select(func.max(Template.id))) == 4
