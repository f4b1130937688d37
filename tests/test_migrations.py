"""Migrations: the same tables as the models, and careful with what is there."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade

from tests.conftest import a_config
from wiseops.app import create_app
from wiseops.extensions import db


@pytest.fixture
def behind(tmp_path: Path) -> Path:
    """A SQLite file with the first migration only."""
    path = tmp_path / "wiseops.sqlite"
    migrate(path, revision="0001")
    return path


def migrate(path: Path, revision: str = "head") -> None:
    app = create_app(a_config(path.parent, f"sqlite:///{path}"))
    with app.app_context():
        upgrade(revision=revision)
        db.session.remove()
        db.engine.dispose()


def test_the_models_need_no_further_migration(app: Flask):
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []


def test_the_file_is_copied_before_it_is_changed(behind: Path):
    migrate(behind)

    copies = list(behind.parent.glob("wiseops.sqlite.before-*"))
    assert len(copies) == 1
    with sqlite3.connect(copies[0]) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_file_that_is_up_to_date_is_not_copied(sqlite_template: Path, tmp_path: Path):
    path = Path(shutil.copy(sqlite_template, tmp_path / "wiseops.sqlite"))

    migrate(path)

    assert list(tmp_path.glob("*.before-*")) == []


def test_limits_that_somebody_set_or_confirmed_stay_as_they_are(tmp_path: Path):
    path = tmp_path / "wiseops.sqlite"
    migrate(path, revision="0019")
    with sqlite3.connect(path) as file:
        file.execute("UPDATE guardrails SET confirmed_at = '2026-11-20 10:00:00' WHERE country = 'DK'")
        file.execute("UPDATE guardrails SET opens = '07:00' WHERE country = ''")

    migrate(path)

    with sqlite3.connect(path) as file:
        rows = dict(file.execute("SELECT country, opens || '-' || closes || ' ' || weekdays FROM guardrails"))
    assert rows["DK"] == "08:00-20:00 [0, 1, 2, 3, 4, 5, 6]"
    assert rows[""] == "07:00-20:00 [0, 1, 2, 3, 4, 5, 6]"
    assert rows["NO"] == "08:00-21:00 [0, 1, 2, 3, 4, 5]"
    assert rows.keys() == {"", "DK", "NO", "US"}


def test_a_migration_that_leaves_rows_that_refer_to_nothing_is_undone(behind: Path):
    with sqlite3.connect(behind) as file:
        file.execute("INSERT INTO account_tags (account_id, tag) VALUES (4711, 'lost')")

    with pytest.raises(SystemExit):
        migrate(behind)

    with sqlite3.connect(behind) as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert file.execute("SELECT count(*) FROM company").fetchone() == (0,)
