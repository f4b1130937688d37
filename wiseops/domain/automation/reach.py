"""Which channels of a step can still reach the debtor."""

from __future__ import annotations

from collections.abc import Iterable

from wiseops.domain.automation.snapshot import REFUSED, Run, Snapshot
from wiseops.domain.plans import Step


def usable(step: Step, run: Run, snapshot: Snapshot) -> list[str]:
    """The step's channels in order, without those that have no address or were refused."""
    return [channel for channel in step.channels if snapshot.reaches(channel) and not _refused(step, channel, run)]


def any_usable(steps: Iterable[Step], run: Run, snapshot: Snapshot) -> bool:
    """Whether at least one of the steps has a channel."""
    return any(usable(step, run, snapshot) for step in steps)


def _refused(step: Step, channel: str, run: Run) -> bool:
    tried = run.attempts.get((step.position, channel))
    return tried is not None and tried.status in REFUSED
