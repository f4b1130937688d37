"""Visible strings, translated and typed: import these as `_`, `lazy` and `ngettext`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import flask_babel
from babel.support import NullTranslations
from flask import g
from flask_babel.speaklater import LazyString
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Language:
    """The reader's: its code, as en or nb_NO, and its words."""

    code: str
    words: NullTranslations


def language() -> Language:
    """Found once a request: a page asks hundreds of times, and flask-babel looks for it each time."""
    here = g._get_current_object()
    found: Language | None = here.get("language")
    if found is None:
        found = here.language = Language(str(flask_babel.get_locale() or "en"), flask_babel.get_translations())
    return found


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within it the reader's language is this one."""
    own = g.pop("language", None)
    try:
        with flask_babel.force_locale(code):
            yield
    finally:
        g.pop("language", None)
        if own is not None:
            g.language = own


def gettext(text: str, /, **facts: Any) -> str:
    """The text in the reader's language, its `%(name)s` filled."""
    words: str = language().words.ugettext(text)
    return words % facts if facts else words


def lazy(text: str) -> Any:
    """The text in the language of whoever reads it later."""
    return LazyString(gettext, text)


def ngettext(one: str, many: str, num: int, **facts: Any) -> str:
    """The form of the text that fits `num`."""
    return str(flask_babel.ngettext(one, many, num, **facts))


def shown(text: str, /, **facts: Any) -> Markup:
    """As templates say it: facts are escaped, and %% is a percent sign."""
    words = language().words.ugettext(text)
    return Markup(words) % facts if facts else Markup(words % facts)  # noqa: S704
