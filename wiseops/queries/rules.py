"""The rules in force as one document."""

from __future__ import annotations

from wiseops.domain.rulebooks import Document, ExclusionDraft, PlanDraft, TemplateDraft, Wording
from wiseops.queries import exclusions, plans, templates


def document() -> Document:
    """Every template with its texts in use, every plan, every exclusion; by name and order, without ids."""
    listed = sorted(templates.everything(), key=lambda template: template.name)
    names = {template.id: template.name for template in listed}
    return Document(
        tuple(_template(template) for template in listed),
        tuple(
            PlanDraft(plan, tuple(names.get(step.template_id or 0) for step in plan.steps))
            for plan in plans.everything().values()
        ),
        tuple(
            ExclusionDraft(found.name, found.active, found.conditions, tuple(exclusions.numbers(found.id)))
            for found in exclusions.everything()
        ),
    )


def _template(listed: templates.Listed) -> TemplateDraft:
    texts = (
        Wording(channel, language, version.subject, version.body)
        for (channel, language), version in sorted(listed.wordings.items())
    )
    return TemplateDraft(listed.name, listed.archived, tuple(texts))
