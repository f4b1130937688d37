"""One act on many accounts: each in a transaction of its own, all decided together at the end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from wiseops.domain.errors import NotFound, Refused
from wiseops.services import automation


@dataclass(slots=True)
class Batch:
    """What came of it: `refused` counts accounts by the words of the refusal; `last` is the id it came to."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    field: str | None = None
    last: int = 0
    is_finished: bool = True


def run(account_ids: Iterable[int], act: Callable[[int], None], *, now: datetime, seconds: float) -> Batch:
    """Does `act` to each account, which must not decide by itself. After `seconds` it begins no further one."""
    deadline, batch, touched = time.monotonic() + seconds, Batch(), []
    for account_id in account_ids:
        if time.monotonic() > deadline:
            batch.is_finished = False
            break
        batch.last = account_id
        try:
            act(account_id)
        except Refused as refused:
            batch.refused[refused.message] += 1
            batch.field = refused.field
        except NotFound:
            continue
        else:
            batch.done += 1
            touched.append(account_id)
    automation.decide(touched, now)
    return batch
