"""PDF files from a layout and data: what is shown is passed as values, never as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst


def render(layout: Path, facts: Mapping[str, Any]) -> bytes:
    """The layout filled with `facts`, which are JSON."""
    made: bytes = typst.compile(str(layout), root=str(layout.parent), sys_inputs={"facts": json.dumps(facts)})
    return made
