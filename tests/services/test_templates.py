"""Wordings are checked before they are kept, and every version stays."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW
from wiseops.domain import templates as domain
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Automation, Company, Event, Plan, PlanStep, Template, TemplateVersion
from wiseops.queries import templates as queries
from wiseops.services import templates


def reminder() -> int:
    return db.session.scalars(select(Template.id).where(Template.name == "Friendly reminder")).one()


def rules_version() -> int:
    return db.session.get_one(Automation, 1, populate_existing=True).rules_version


def test_a_changed_wording_is_the_next_version_and_the_old_one_stays(app: Flask):
    before = rules_version()

    changed = templates.save(
        reminder(), channel="email", language="en", subject="Hello", body="You owe {{ totals }}\r\n", now=NOW
    )

    newest, oldest = queries.versions(reminder(), "email", "en")
    assert changed
    assert (newest.version, newest.subject, newest.body) == (2, "Hello", "You owe {{ totals }}")
    assert oldest.version == 1
    assert queries.for_channel(reminder(), "email")["en"].id == newest.id
    assert rules_version() == before + 1
    assert db.session.scalars(select(Event.kind)).all() == ["template_changed"]


def test_the_same_wording_again_changes_nothing(app: Flask):
    version = queries.for_channel(reminder(), "sms")["da"]
    before = rules_version()

    assert not templates.save(reminder(), channel="sms", language="da", subject="", body=version.body, now=NOW)
    assert rules_version() == before
    assert len(queries.versions(reminder(), "sms", "da")) == 1


def test_a_wording_that_would_not_render_is_not_kept(app: Flask):
    with pytest.raises(Refused) as refused:
        templates.save(reminder(), channel="email", language="en", subject="Hi", body="{{ account.secret }}", now=NOW)

    assert refused.value.field == "body"
    assert len(queries.versions(reminder(), "email", "en")) == 1


def test_an_earlier_version_comes_back_as_the_newest(app: Flask):
    first = queries.for_channel(reminder(), "email")["en"]
    templates.save(reminder(), channel="email", language="en", subject="Hi", body="Other", now=NOW)

    assert templates.restore(first.id, now=NOW)

    newest = queries.for_channel(reminder(), "email")["en"]
    assert (newest.version, newest.body) == (3, first.body)


def test_a_name_is_there_once(app: Flask):
    with pytest.raises(Refused, match="already"):
        templates.create("Final notice")

    created = templates.create("Before the lawyer")
    templates.rename(created, "Last call")
    assert queries.get(created).name == "Last call"


def test_a_template_that_a_plan_sends_cannot_be_archived(app: Flask):
    with pytest.raises(Refused, match="Standard"):
        templates.archive(reminder())

    other = templates.create("Another")
    templates.archive(other)
    assert queries.get(other).archived


def test_everything_that_ships_renders_for_every_kind_of_account(app: Flask):
    company = db.session.get_one(Company, 1)

    for version in db.session.scalars(select(TemplateVersion)):
        domain.check(version.channel, version.language, version.subject, version.body, company)


def test_the_list_knows_which_plans_send_a_template(app: Flask):
    listed = {template.name: template for template in queries.everything()}

    assert listed["Final notice"].plans == ["Standard"]
    assert set(listed["Final notice"].wordings) == {(c, lang) for c in ("email", "sms") for lang in ("da", "en", "nb")}
    assert db.session.scalars(select(Plan.name)).all() == ["Standard"]
    assert db.session.query(PlanStep).count() == 4
