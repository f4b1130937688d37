"""Message templates: a changed wording is a new version; none is ever lost, none that would not render is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from wiseops.domain import drafts, templates
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Company, Plan, PlanStep, Template, TemplateVersion
from wiseops.queries import templates as queries
from wiseops.services import automation, events
from wiseops.services.transaction import transaction


def create(name: str) -> int:
    """A template without a wording yet. Its id."""
    with transaction():
        template = Template(name=_free(name))
        db.session.add(template)
        db.session.flush()
        return template.id


def rename(template_id: int, name: str) -> None:
    """Gives it another name; plans go on using it."""
    with transaction():
        queries.get(template_id).name = _free(name, beside=template_id)


def save(
    template_id: int, *, channel: str, language: str, subject: str, body: str, now: datetime, by_id: int | None = None
) -> bool:
    """Keeps the wording as a new version, if it differs from the one in use. Refused unless it renders."""
    subject, body = subject.strip(), "\n".join(line.rstrip() for line in body.splitlines()).strip()
    with transaction():
        template = queries.get(template_id)
        templates.check(channel, language, subject, body, db.session.get_one(Company, 1))
        before = queries.versions(template_id, channel, language)
        if before and (before[0].subject, before[0].body) == (subject, body):
            return False
        version = TemplateVersion(
            template_id=template_id,
            channel=channel,
            language=language,
            version=before[0].version + 1 if before else 1,
            subject=subject,
            body=body,
            created_at=now,
            created_by_id=by_id,
        )
        db.session.add(version)
        facts = {"template": template.name, "channel": channel, "language": language, "version": version.version}
        events.record("template_changed", account_id=None, at=now, by_id=by_id, **facts)
        automation.rules_changed()
        return True


def restore(version_id: int, *, now: datetime, by_id: int | None = None) -> bool:
    """An earlier version becomes the newest one."""
    old = queries.version(version_id)
    return save(
        old.template_id,
        channel=old.channel,
        language=old.language,
        subject=old.subject,
        body=old.body,
        now=now,
        by_id=by_id,
    )


def archive(template_id: int, *, archived: bool = True) -> None:
    """No longer offered in plans. Refused while a plan sends it."""
    with transaction():
        template = queries.get(template_id)
        used = db.session.scalar(
            select(Plan.name)
            .join(PlanStep, PlanStep.plan_id == Plan.id)
            .where(PlanStep.template_id == template_id)
            .order_by(Plan.name)
            .limit(1)
        )
        if archived and used:
            raise Refused(f"The plan {used} sends it. Choose another template there first.")
        template.archived = archived


def _free(name: str, beside: int | None = None) -> str:
    name = name.strip()
    drafts.check_name(name)
    other = queries.named(name)
    if other is not None and other.id != beside:
        raise Refused("There is a template of that name already.", "name")
    return name
