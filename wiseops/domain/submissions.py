"""What a form said, so that the same form with something else in it is not taken for the same."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from textwrap import shorten
from typing import Any

from wiseops.domain.attachments import Upload

_LONGEST_QUOTE = 80


def digest(content: object) -> str:
    """Tells two drafts apart, whatever order their sets are in."""
    return sha256(json.dumps(_plain(content)).encode()).hexdigest()


def quoted(text: str) -> str:
    """The beginning of what was typed, between quotes."""
    return f"“{shorten(text, _LONGEST_QUOTE, placeholder=' …')}”"


def _plain(value: Any) -> Any:
    if isinstance(value, Upload):
        return value.mark
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if value is None else str(value)
