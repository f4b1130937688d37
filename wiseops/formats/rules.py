"""Plans, steps, exclusions and templates as one JSON document, for version control and for another installation."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from wiseops.domain.errors import Refused
from wiseops.domain.plans import Conditions, Plan, Step
from wiseops.domain.rulebooks import Document, ExclusionDraft, PlanDraft, TemplateDraft, Wording
from wiseops.formats.documents import Node

_TIME = re.compile(r"\d\d:\d\d")


def dump(document: Document) -> str:
    """The document as text; a body is a list of lines, so that a difference shows line by line."""
    stored = {
        "templates": [_template_json(template) for template in document.templates],
        "plans": [_plan_json(draft) for draft in document.plans],
        "exclusions": [_exclusion_json(exclusion) for exclusion in document.exclusions],
    }
    return json.dumps(stored, ensure_ascii=False, indent=2) + "\n"


def parse(content: bytes) -> Document:
    """The inverse of dump. Raises Refused; `field` is the path in the document, like plans[0].steps[2].at."""
    try:
        root = Node(json.loads(content.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise Refused(f"This is not a JSON document: {error}") from None
    root.only("templates", "plans", "exclusions")
    return Document(
        tuple(_template(node) for node in root.nodes("templates")),
        tuple(_plan(node) for node in root.nodes("plans")),
        tuple(_exclusion(node) for node in root.nodes("exclusions")),
    )


def _template(node: Node) -> TemplateDraft:
    node.only("name", "archived", "wordings")
    return TemplateDraft(
        node.text("name"), node.flag("archived", default=False), tuple(_wording(w) for w in node.nodes("wordings"))
    )


def _wording(node: Node) -> Wording:
    node.only("channel", "language", "subject", "body")
    return Wording(
        node.text("channel"), node.text("language"), node.text("subject", default=""), "\n".join(node.texts("body"))
    )


def _plan(node: Node) -> PlanDraft:
    node.only("name", "priority", "active", "conditions", "review_after", "stop_below", "steps")
    steps = list(node.nodes("steps"))
    plan = Plan(
        id=0,
        name=node.text("name"),
        priority=node.number("priority", default=100),
        conditions=_conditions(node.node("conditions")),
        steps=tuple(_step(step, position) for position, step in enumerate(steps, start=1)),
        review_after=node.number("review_after", default=7),
        stop_below=node.amounts("stop_below"),
        active=node.flag("active", default=True),
    )
    return PlanDraft(plan, tuple(step.text("template", default="") or None for step in steps))


def _step(node: Node, position: int) -> Step:
    node.only("name", "offset_days", "weekdays", "at", "channels", "template", "min_gap_days", "deadline_days")
    return Step(
        position=position,
        offset_days=node.number("offset_days"),
        weekdays=frozenset(node.numbers("weekdays")),
        at=_time(node),
        channels=tuple(node.texts("channels")),
        min_gap_days=node.number("min_gap_days", default=5),
        deadline_days=node.number("deadline_days") if node.has("deadline_days") else None,
        name=node.text("name", default=""),
    )


def _time(node: Node) -> time:
    written = node.text("at")
    try:
        if _TIME.fullmatch(written):
            return time.fromisoformat(written)
    except ValueError:
        pass
    raise node.refused("at", "Write the time like 10:00.")


def _conditions(node: Node) -> Conditions:
    node.only("days_overdue", "minimum", "tags", "countries", "languages", "kind")
    stored: dict[str, Any] = {"minimum": node.amounts("minimum")}
    for name in ("tags", "countries", "languages"):
        stored[name] = node.texts(name)
    if node.has("days_overdue"):
        stored["days_overdue"] = node.number("days_overdue")
    if node.has("kind"):
        stored["kind"] = node.text("kind")
    try:
        return Conditions.from_json(stored)
    except Refused as refused:
        raise node.refused("minimum", refused.message) from None


def _exclusion(node: Node) -> ExclusionDraft:
    node.only("name", "active", "conditions", "accounts")
    if node.has("conditions") == node.has("accounts"):
        raise node.refused("", "An exclusion has either conditions or accounts.")
    conditions = _conditions(node.node("conditions")) if node.has("conditions") else None
    return ExclusionDraft(
        node.text("name"), node.flag("active", default=True), conditions, tuple(node.texts("accounts"))
    )


def _template_json(template: TemplateDraft) -> dict[str, Any]:
    texts = [
        {"channel": w.channel, "language": w.language, "subject": w.subject, "body": w.body.split("\n")}
        for w in template.wordings
    ]
    return {"name": template.name, "archived": template.archived, "wordings": texts}


def _plan_json(draft: PlanDraft) -> dict[str, Any]:
    plan = draft.plan
    return {
        "name": plan.name,
        "priority": plan.priority,
        "active": plan.active,
        "conditions": plan.conditions.to_json(),
        "review_after": plan.review_after,
        "stop_below": _sorted(plan.stop_below),
        "steps": [_step_json(step, name) for step, name in zip(plan.steps, draft.templates, strict=True)],
    }


def _step_json(step: Step, template: str | None) -> dict[str, Any]:
    return {
        "name": step.name,
        "offset_days": step.offset_days,
        "weekdays": sorted(step.weekdays),
        "at": step.at.strftime("%H:%M"),
        "channels": list(step.channels),
        "template": template,
        "min_gap_days": step.min_gap_days,
        "deadline_days": step.deadline_days,
    }


def _exclusion_json(exclusion: ExclusionDraft) -> dict[str, Any]:
    stored: dict[str, Any] = {"name": exclusion.name, "active": exclusion.active}
    if exclusion.conditions is not None:
        return stored | {"conditions": exclusion.conditions.to_json()}
    return stored | {"accounts": list(exclusion.accounts)}


def _sorted(amounts: Mapping[str, str]) -> dict[str, str]:
    return {code: amounts[code] for code in sorted(amounts)}
