"""Long counts are remembered, short ones never."""

from __future__ import annotations

import pytest
from flask import Flask

from wiseops.web.auto_collection import memory


@pytest.mark.parametrize(("long", "answers"), [(60.0, [1, 2]), (0.0, [1, 1])])
def test_only_what_takes_long_is_remembered(app: Flask, monkeypatch: pytest.MonkeyPatch, long: float, answers: list):
    monkeypatch.setattr(memory, "LONG", long)
    monkeypatch.setattr(memory, "TIMES", 10**9)
    monkeypatch.setattr(memory, "_kept", {})
    counts = iter([1, 2])
    assert [memory.recall("key", lambda: next(counts)) for _ in range(2)] == answers
