"""What promises, disputes and the like come to: the account as it is with them, and what that asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from wiseops.domain.automation.decision import Effect
from wiseops.domain.automation.snapshot import Snapshot


@dataclass(slots=True)
class Followed:
    """The snapshot with what still stands, the effects, and when to look again."""

    snapshot: Snapshot
    effects: list[Effect] = field(default_factory=list)
    wakes: list[datetime] = field(default_factory=list)
