"""A wording becomes a message, or is refused before anyone can save it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from jinja2 import Template, TemplateError

from wiseops.domain import segments
from wiseops.domain.errors import Refused
from wiseops.domain.templates import grammar, kinds
from wiseops.domain.templates.context import Company, Context, samples
from wiseops.domain.templates.words import LANGUAGES, language_of

CHANNELS = ("email", "sms")
LONGEST_SUBJECT = 200
LONGEST_BODY = 100_000
MOST_SEGMENTS = 10
_ENVIRONMENT = grammar.sandbox()
_ERRORS = (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it leaves; an SMS has no subject."""

    subject: str
    body: str


def render(subject: str, body: str, context: Context, *, channel: str) -> Rendered:
    """The text for one account. Raises Refused, on subject or body, for what would not render or is too long."""
    text = _filled("body", body, context).strip()
    if not text:
        raise Refused("The text is empty.", "body")
    if channel == "sms":
        text = segments.plainer(text)
        if segments.measure(text).segments > MOST_SEGMENTS:
            raise Refused(f"The SMS takes more than {MOST_SEGMENTS} segments.", "body")
        return Rendered("", text)
    heading = " ".join(_filled("subject", subject, context).split())
    if not heading:
        raise Refused("The subject is empty.", "subject")
    return Rendered(heading[:LONGEST_SUBJECT], text)


def check(channel: str, language: str, subject: str, body: str, company: Company) -> None:
    """Raises Refused, on the field, unless this wording renders for every kind of account."""
    if channel not in CHANNELS:
        raise Refused(f"“{channel}” has no texts. There are {', '.join(CHANNELS)}.", "channel")
    if language not in LANGUAGES:
        raise Refused(f"“{language}” is not a language we write in. There are {', '.join(LANGUAGES)}.", "language")
    if channel == "sms" and subject:
        raise Refused("An SMS has no subject.", "subject")
    for field, source in (("subject", subject), ("body", body)):
        try:
            tree = grammar.check(source, loops=field == "body" and channel != "sms")
            kinds.check(tree)
        except Refused as refused:
            raise Refused(refused.message, field) from None
    for context in samples(company, language):
        render(subject, body, context, channel=channel)


def choose(versions: Mapping[str, T], language: str | None, company_language: str) -> tuple[str, T] | None:
    """The language and wording to use: the account's, else the company's, else English, else any there is."""
    wishes = [language_of(language, company_language), language_of(company_language), "en", *sorted(versions)]
    return next(((code, versions[code]) for code in wishes if code in versions), None)


def _filled(field: str, source: str, context: Context) -> str:
    parts, length = [], 0
    try:
        for part in _compiled(source).generate(context):
            parts.append(part)
            length += len(part)
            if length > LONGEST_BODY:
                raise Refused(f"The text becomes longer than {LONGEST_BODY} characters.", field)
    except _ERRORS as error:
        raise Refused(f"The text cannot be filled in: {error}", field) from None
    return "".join(parts)


@functools.lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    """Compiled once a process; only after the allow-list, since compiling already computes constants.

    Kinds are asked when it is saved: what was saved before they were leaves wherever it can be rendered.
    """
    grammar.check(source, loops=True)
    return _ENVIRONMENT.from_string(source)
