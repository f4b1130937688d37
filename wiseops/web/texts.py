"""Visible strings, translated and typed: import these as `_` and `ngettext`."""

from __future__ import annotations

from typing import Any

import flask_babel


def gettext(text: str, **facts: Any) -> str:
    """The text in the reader's language, its `%(name)s` filled."""
    return str(flask_babel.gettext(text, **facts))


def ngettext(one: str, many: str, num: int, **facts: Any) -> str:
    """The form of the text that fits `num`."""
    return str(flask_babel.ngettext(one, many, num, **facts))
