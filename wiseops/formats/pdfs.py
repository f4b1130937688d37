"""PDF files from a layout and data: what is shown is passed as values, never as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

_ONE_PICTURE = b"#image(bytes(json(bytes(sys.inputs.picture))))"


def render(layout: Path, facts: Mapping[str, Any], *, picture: bytes = b"") -> bytes:
    """The layout filled with `facts`, which are JSON, and a picture that it can show."""
    inputs = {"facts": json.dumps(facts), "picture": _numbers(picture)}
    made: bytes = typst.compile(str(layout), root=str(layout.parent), sys_inputs=inputs)
    return made


def can_show(picture: bytes) -> bool:
    """Whether the bytes are a whole picture of a kind that a PDF can have."""
    try:
        typst.compile(_ONE_PICTURE, sys_inputs={"picture": _numbers(picture)})
    except typst.TypstError:
        return False
    return True


def _numbers(picture: bytes) -> str:
    return json.dumps(list(picture))
