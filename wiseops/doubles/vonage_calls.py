"""How the double of Vonage plays a call: our phone, then the debtor's, each with its signed events."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Post = Callable[[str, dict[str, Any]], int]
ENDS = ("busy", "timeout", "unanswered", "rejected", "failed", "cancelled")
TALKS = (
    ("collector", "started"), ("collector", "ringing"), ("collector", "answered"), ("debtor", "started"),
    ("debtor", "ringing"), ("debtor", "answered"), ("debtor", "completed"), ("collector", "completed"),
)  # fmt: skip


def script(end: str) -> list[tuple[str, str]]:
    """What is told of a call whose debtor ends it so; `completed`: they talked."""
    if end == "completed":
        return list(TALKS)
    if end not in ENDS:
        raise ValueError(f"A call ends with completed, {', '.join(ENDS)}.")
    return [*TALKS[:5], ("debtor", end), ("collector", "completed")]


@dataclass(slots=True)
class Calls:
    """Every call that was started. `end` how they go, `pace` seconds between two events; no `end`: silence."""

    post: Post
    over: threading.Event
    end: str = ""
    pace: float = 0.0
    duration: int = 42
    rows: list[dict[str, Any]] = field(default_factory=list)

    def start(self, call: dict[str, Any]) -> dict[str, Any]:
        """Keeps it; answers what Vonage answers."""
        row = {**call, "uuid": str(uuid.uuid4()), "conversation_uuid": f"CON-{uuid.uuid4()}", "debtor": ""}
        row |= {"talked": False, "ended": False}
        self.rows.append(row)
        return {
            "uuid": row["uuid"],
            "conversation_uuid": row["conversation_uuid"],
            "status": "started",
            "direction": "outbound",
        }

    def play(self, row: dict[str, Any], steps: Sequence[tuple[str, str]] = ()) -> None:
        """Posts these events, or those of `end`, one after the other."""
        for leg, status in steps or (script(self.end) if self.end else ()):
            if self.over.wait(self.pace) or row["ended"]:
                return
            self.say(row, leg, status)

    def hung_up(self, leg_id: str) -> dict[str, Any] | None:
        """The call whose leg of ours ends now; None where no such call is on."""
        row = next((row for row in self.rows if row["uuid"] == leg_id and not row["ended"]), None)
        if row is not None:
            row["ended"] = True
        return row

    def close(self, row: dict[str, Any]) -> None:
        """Posts what is told of a call that was hung up."""
        for leg in ("debtor", "collector") if row["talked"] else ("collector",):
            self.say(row, leg, "completed")

    def say(self, row: dict[str, Any], leg: str, status: str) -> int:
        """Posts one event of one leg; answers the HTTP status."""
        (join,) = [action for action in row["ncco"] if action["action"] == "connect"]
        row["debtor"] = row["debtor"] or str(uuid.uuid4())
        row["talked"] |= (leg, status) == ("debtor", "answered")
        to, url = (
            (join["endpoint"][0]["number"], join["eventUrl"][0])
            if leg == "debtor"
            else (row["to"][0]["number"], row["event_url"][0])
        )
        event = {
            "uuid": row["uuid"] if leg == "collector" else row["debtor"],
            "conversation_uuid": row["conversation_uuid"],
            "from": row["from"]["number"],
            "to": to,
            "direction": "outbound",
            "status": status,
            "timestamp": _stamp(),
        }
        if status == "completed":
            event |= {"duration": str(self.duration), "start_time": _stamp(), "end_time": _stamp(), "price": "0.0042"}
        return self.post(url, event)


def _stamp() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
