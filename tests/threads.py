"""Several threads that begin at the same moment, each with its own session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from wiseops.extensions import db


def together(app: Flask, calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all calls at once and answers what they answered; the first error is raised."""
    db.session.rollback()
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        with app.app_context():
            try:
                barrier.wait(30)
                return call()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
