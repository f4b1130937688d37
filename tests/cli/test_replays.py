"""flask replay."""

import json
import random
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests import books, replaying

FIRST, LAST = date(2012, 2, 1), date(2012, 4, 30)


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_the_answer_is_json_with_every_day_in_it(runner: FlaskCliRunner):
    result = runner.invoke(args=["replay", "--from", "2013-04-01", "--to", "2013-04-03", "--json"])

    nothing = {"evaluated": 0, "queued": 0, "sent": 0, "cancelled": 0}
    days = [{"on": f"2013-04-0{day}", **nothing} for day in (1, 2, 3)]
    assert json.loads(result.stdout) == {"days": days, "messages": []}


def test_the_working_copy_is_named_after_what_it_was_made_of(runner: FlaskCliRunner, tmp_path: Path):
    for _ in range(2):
        runner.invoke(args=["replay", "--from", "2013-04-01", "--to", "2013-04-03"])

    (path,) = (tmp_path / "replay").glob("*.sqlite")
    assert len(path.stem) == 64


def test_a_work_file_that_cannot_be_used_is_refused_in_words(runner: FlaskCliRunner, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("not a database, but a file of some length")

    args = ["replay", "--from", "2013-04-01", "--to", "2013-04-03", "--work", str(tmp_path / "notes.txt")]
    result = runner.invoke(args=args)

    assert result.exit_code == 1
    assert "no SQLite database" in result.output


@books.needs_ibm
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_on_five_days_and_run_again_it_prints_the_same(app: Flask, database_url: str, tmp_path: Path):
    books.put(books.ibm_until(LAST, tmp_path))
    days = sorted(random.Random(2012).sample(range(10, 80), 5))

    whole = replaying.whole(database_url, tmp_path / "whole.sqlite", FIRST, LAST)
    for after in days:
        assert replaying.killed(database_url, tmp_path / "killed.sqlite", FIRST, LAST, after=after) >= after

    assert replaying.whole(database_url, tmp_path / "killed.sqlite", FIRST, LAST) == whole
