"""Message templates that admins write: what they may say, and how they become a message."""

from wiseops.domain.templates.context import Context, context_for
from wiseops.domain.templates.fields import FILTERS, LISTS, ROW, SCALARS
from wiseops.domain.templates.wording import CHANNELS, Rendered, check, choose, render
from wiseops.domain.templates.words import LANGUAGES, language_of

__all__ = [
    "CHANNELS",
    "FILTERS",
    "LANGUAGES",
    "LISTS",
    "ROW",
    "SCALARS",
    "Context",
    "Rendered",
    "check",
    "choose",
    "context_for",
    "language_of",
    "render",
]
