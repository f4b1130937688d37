"""JSON from outside, read without trusting any of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from wiseops.domain.errors import Refused


def read(body: bytes) -> Any:
    """What the body says. Raises Refused where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("The body is not JSON.") from error


def mapping(value: Any) -> Mapping[str, Any]:
    """The value as an object; an empty one where it is something else."""
    return value if isinstance(value, dict) else {}


def text(value: Any, longest: int = 200) -> str:
    """A string or number as text that any database keeps; empty where it is something else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()[:longest].strip()


def key(*parts: str) -> str:
    """One id of several parts, shortened so that it stays one."""
    whole = ":".join(parts)
    return whole if len(whole) <= 160 else whole[:95] + ":" + hashlib.sha256(whole.encode()).hexdigest()
