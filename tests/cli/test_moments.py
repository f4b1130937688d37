"""--at and --until, as operators type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import click
import pytest
from flask import Flask

from wiseops.cli import moments


def test_a_moment_without_offset_is_the_companys(app: Flask):
    assert moments.moment("2026-03-02T10:00", "--at") == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert moments.moment("2026-07-02", "--at") == datetime(2026, 7, 1, 22, 0, tzinfo=UTC)


def test_a_moment_with_offset_is_taken_as_it_is(app: Flask):
    assert moments.moment("2026-03-02T10:00+00:00", "--at") == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert moments.moment("2026-03-02T10:00Z", "--at") == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_what_is_no_moment_is_refused_in_words(app: Flask):
    with pytest.raises(click.BadParameter, match="no moment"):
        moments.moment("next monday", "--at")


def test_without_at_it_is_now(app: Flask):
    assert abs((moments.now_or(None) - datetime.now(UTC)).total_seconds()) < 5


def test_production_has_no_other_clock(app: Flask):
    app.extensions["wiseops"] = replace(app.extensions["wiseops"], env="production")
    with pytest.raises(click.UsageError, match="refused in production"):
        moments.now_or("2026-03-02T10:00")
    assert moments.now_or(None)
