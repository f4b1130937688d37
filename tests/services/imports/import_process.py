"""A process that does an import and hangs when it has written its first entry, to be killed there."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.conftest import a_config
from tests.factories import NOW
from wiseops.app import create_app
from wiseops.services.imports import runs


def main(folder: Path, database_url: str, import_id: int) -> None:
    @event.listens_for(Engine, "after_cursor_execute")
    def _hang(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO entries"):
            (folder / "hung").touch()
            time.sleep(120)

    with create_app(a_config(folder, database_url)).app_context():
        runs.run(import_id, now=NOW)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
