"""A process that sends what is due and hangs at a chosen point, to be killed there."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

from tests.conftest import a_config
from tests.factories import NOW
from wiseops.app import create_app
from wiseops.domain.messages import Accepted, Outbound
from wiseops.services import messages


class Hangs:
    """A backend that hangs `before_look`, `in_call` or `after_call`; what left is a line in a file."""

    name = "hangs"

    def __init__(self, folder: Path, point: str) -> None:
        self._folder, self._point = folder, point

    @property
    def reaches_people(self) -> bool:
        self._hang("before_look")
        return False

    def send(self, outbound: Outbound) -> Accepted:
        self._hang("in_call")
        with (self._folder / "left").open("a") as file:
            file.write(outbound.ref + "\n")
        return Accepted(outbound.ref)

    def clock(self) -> datetime:
        if (self._folder / "left").exists():
            self._hang("after_call")
        return NOW

    def _hang(self, point: str) -> None:
        if point == self._point:
            (self._folder / "hung").touch()
            time.sleep(120)


def main(folder: Path, database_url: str, point: str) -> None:
    app = create_app(a_config(folder, database_url))
    backend = Hangs(folder, point)
    with app.app_context():
        messages.send_due(NOW, senders={"email": backend, "sms": backend, "file": backend}, clock=backend.clock)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
