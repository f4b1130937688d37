"""Jobs for tests: they leave marks in a file."""

from __future__ import annotations

import time
from pathlib import Path

from wiseops.jobs import turns


def leave(path: str, mark: str) -> None:
    with Path(path).open("a") as file:
        file.write(mark + "\n")


def leave_and_hang(path: str, mark: str) -> None:
    leave(path, mark)
    time.sleep(60)


def leave_until_over(path: str) -> None:
    leave(path, "began")
    is_over = turns.turn()
    while not is_over():
        time.sleep(0.05)
    leave(path, "ended")


def read(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def leave_for_a_while(path: str) -> None:
    leave(path, "began")
    time.sleep(2)
    leave(path, "ended")
