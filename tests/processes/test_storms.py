"""A thousand messages, two workers, five kills: each leaves once at most. The long form is in tests/faults."""

from __future__ import annotations

from pathlib import Path

from tests.storms import Storm


def test_each_of_a_thousand_messages_leaves_once_at_most(database_url: str, tmp_path: Path):
    Storm(tmp_path, database_url, each=500, kills=5, flushes=1, longest_life=1.0).rage()
