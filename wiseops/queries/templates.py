"""Templates: their wordings in use, and every earlier version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from wiseops.domain.errors import NotFound
from wiseops.domain.templates import choose
from wiseops.extensions import db
from wiseops.models import Account, Plan, PlanStep, Template, TemplateVersion
from wiseops.queries import company

Key = tuple[str, str]
"""Channel and language."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A template as the list shows it; `wordings` by (channel, language), `plans` that send it."""

    id: int
    name: str
    archived: bool
    wordings: dict[Key, TemplateVersion]
    plans: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Text:
    """A wording: the `id` of its version, and what it says."""

    id: int
    subject: str
    body: str


def get(template_id: int) -> Template:
    """The template. Raises NotFound."""
    if (template := db.session.get(Template, template_id)) is None:
        raise NotFound
    return template


def named(name: str) -> Template | None:
    """The template of that name, archived or not."""
    return db.session.scalar(select(Template).where(Template.name == name))


def everything() -> list[Listed]:
    """All templates by name, the archived ones last."""
    used = defaultdict(list)
    pairs = (
        select(PlanStep.template_id, Plan.name)
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(PlanStep.template_id.is_not(None))
        .distinct()
        .order_by(Plan.name)
    )
    for template_id, plan in db.session.execute(pairs):
        used[template_id].append(plan)
    templates = db.session.scalars(select(Template).order_by(Template.archived, Template.name)).all()
    current = wordings([template.id for template in templates])
    return [Listed(t.id, t.name, t.archived, current[t.id], used[t.id]) for t in templates]


def wordings(template_ids: Iterable[int]) -> dict[int, dict[Key, TemplateVersion]]:
    """The wording in use, the highest version, of each channel and language."""
    ids = list(template_ids)
    found: dict[int, dict[Key, TemplateVersion]] = {template_id: {} for template_id in ids}
    latest = (
        select(func.max(TemplateVersion.id))
        .where(TemplateVersion.template_id.in_(ids))
        .group_by(TemplateVersion.template_id, TemplateVersion.channel, TemplateVersion.language)
    )
    query = select(TemplateVersion).where(TemplateVersion.id.in_(latest))
    for version in db.session.scalars(query.order_by(TemplateVersion.channel, TemplateVersion.language)):
        found[version.template_id][version.channel, version.language] = version
    return found


def texts(template_ids: Iterable[int]) -> dict[int, dict[Key, Text]]:
    """The wordings in use as plain values."""
    return {
        template_id: {key: Text(version.id, version.subject, version.body) for key, version in versions.items()}
        for template_id, versions in wordings(template_ids).items()
    }


def for_channel(template_id: int, channel: str) -> dict[str, TemplateVersion]:
    """The wordings in use of one channel, by language: what `domain.templates.choose` chooses from."""
    return {language: v for (where, language), v in wordings([template_id])[template_id].items() if where == channel}


def versions(template_id: int, channel: str, language: str) -> list[TemplateVersion]:
    """Every version of one wording, newest first."""
    query = select(TemplateVersion).where(
        TemplateVersion.template_id == template_id,
        TemplateVersion.channel == channel,
        TemplateVersion.language == language,
    )
    return list(db.session.scalars(query.order_by(TemplateVersion.version.desc())))


def version(version_id: int) -> TemplateVersion:
    """One version, whether in use or not. Raises NotFound."""
    if (found := db.session.get(TemplateVersion, version_id)) is None:
        raise NotFound
    return found


def of_channel(account: Account, channel: str) -> list[tuple[str, TemplateVersion]]:
    """The templates that have a text of this channel, each in the account's language where it has that."""
    found = []
    for listed in everything():
        by_language = {language: v for (where, language), v in listed.wordings.items() if where == channel}
        chosen = choose(by_language, account.language, company.get().language)
        if chosen is not None and not listed.archived:
            found.append((listed.name, chosen[1]))
    return found
