"""Rulebooks: plans, exclusions and templates apart from any installation, with names instead of ids."""

from __future__ import annotations

from dataclasses import dataclass

from wiseops.domain.plans import Conditions, Plan


@dataclass(frozen=True, slots=True)
class Wording:
    """One text; `body` with line breaks."""

    channel: str
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A template and its texts."""

    name: str
    archived: bool
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan whose steps name their templates: `templates[i]` is that of step i, or None."""

    plan: Plan
    templates: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ExclusionDraft:
    """A rule, or (conditions None) a list of account numbers."""

    name: str
    active: bool
    conditions: Conditions | None
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that decides who is chased, and with which words."""

    templates: tuple[TemplateDraft, ...] = ()
    plans: tuple[PlanDraft, ...] = ()
    exclusions: tuple[ExclusionDraft, ...] = ()
