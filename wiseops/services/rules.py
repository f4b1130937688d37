"""Rules read from a document: all of it or nothing, and the same document again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from wiseops.domain.errors import Refused
from wiseops.domain.plans import Plan
from wiseops.domain.rulebooks import Document, ExclusionDraft, PlanDraft, TemplateDraft
from wiseops.queries import exclusions as found_exclusions
from wiseops.queries import plans as found_plans
from wiseops.queries import templates as found_templates
from wiseops.services import exclusions, plans, templates
from wiseops.services.transaction import transaction

Answer = dict[str, dict[str, int]]
_STEP_FIELDS = {"offset": "offset_days", "gap": "min_gap_days", "deadline": "deadline_days"}
_CONDITIONS = ("days_overdue", "minimum", "tags", "countries", "languages", "kind")


def load(document: Document, *, now: datetime, by_id: int | None = None) -> Answer:
    """Creates and changes by name; what the document does not name stays. Refused names the path."""
    answer: Answer = {
        noun: dict.fromkeys(("created", "updated", "unchanged"), 0) for noun in ("templates", "plans", "exclusions")
    }
    with transaction():
        for index, template in enumerate(document.templates):
            answer["templates"][_template(template, f"templates[{index}]", now, by_id)] += 1
        for index, draft in enumerate(document.plans):
            with _at(f"plans[{index}]"):
                answer["plans"][_plan(draft, now, by_id)] += 1
        for index, exclusion in enumerate(document.exclusions):
            with _at(f"exclusions[{index}]"):
                answer["exclusions"][_exclusion(exclusion, now, by_id)] += 1
        _archive(document)
    return answer


def _template(draft: TemplateDraft, path: str, now: datetime, by_id: int | None) -> str:
    existing = found_templates.named(draft.name.strip())
    with _at(path):
        template_id = existing.id if existing else templates.create(draft.name)
        if existing and existing.archived and not draft.archived:
            templates.archive(template_id, archived=False)
    changed = False
    for index, w in enumerate(draft.wordings):
        with _at(f"{path}.wordings[{index}]"):
            text = {"channel": w.channel, "language": w.language, "subject": w.subject, "body": w.body}
            changed |= templates.save(template_id, **text, now=now, by_id=by_id)
    return ("updated" if changed else "unchanged") if existing else "created"


def _plan(draft: PlanDraft, now: datetime, by_id: int | None) -> str:
    plan = _with_templates(draft)
    existing = found_plans.named(plan.name.strip())
    if existing is None:
        plans.create(plan, now=now, by_id=by_id)
        return "created"
    return "updated" if plans.update(existing.id, plan, now=now, by_id=by_id) else "unchanged"


def _with_templates(draft: PlanDraft) -> Plan:
    steps = []
    for index, (step, name) in enumerate(zip(draft.plan.steps, draft.templates, strict=True)):
        template = found_templates.named(name) if name else None
        if name and template is None:
            raise Refused(f"There is no template named “{name}”.", f"steps-{index}-template")
        steps.append(replace(step, template_id=template.id if template else None))
    return replace(draft.plan, steps=tuple(steps))


def _exclusion(draft: ExclusionDraft, now: datetime, by_id: int | None) -> str:
    existing = found_exclusions.named(draft.name.strip())
    _id, changed = exclusions.save(
        existing.id if existing else None,
        name=draft.name,
        conditions=draft.conditions,
        numbers=draft.accounts,
        active=draft.active,
        now=now,
        by_id=by_id,
    )
    return ("updated" if changed else "unchanged") if existing else "created"


def _archive(document: Document) -> None:
    """Last, when no plan of the document sends them any more."""
    for index, draft in enumerate(document.templates):
        template = found_templates.named(draft.name.strip())
        if draft.archived and template is not None and not template.archived:
            with _at(f"templates[{index}]"):
                templates.archive(template.id)


@contextmanager
def _at(path: str) -> Iterator[None]:
    """Gives a refusal its path in the document."""
    try:
        yield
    except Refused as refused:
        raise Refused(refused.message, _path(path, refused.field or "")) from None


def _path(path: str, field: str) -> str:
    if field.startswith("steps-"):
        _steps, index, name = field.split("-")
        field = f"steps[{index}].{_STEP_FIELDS.get(name, name)}"
    elif field in _CONDITIONS and "wordings" not in path:
        field = f"conditions.{field}"
    elif field == "numbers":
        field = "accounts"
    return f"{path}.{field}" if field else path
