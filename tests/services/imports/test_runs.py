"""Files uploaded on the page and read by a worker."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from tests import forks
from tests.factories import NOW, an_account
from tests.processes.conftest import wait_for
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.formats.profiles import NATIVE
from wiseops.formats.tables import Unreadable
from wiseops.models import Entry, File, Import
from wiseops.queries import imports
from wiseops.services.imports import Options, locks, runs

CONTENT = b"account,kind,number,issued_on,currency,amount\n1001,invoice,55,2026-01-31,DKK,100.00\n"
BAD = b"1001,invoice,56,41275,DKK,100.00\n"


def an_upload(content: bytes = CONTENT, *, limit: int = 10_000) -> int:
    return runs.upload(
        [content], noun="entries", filename="book.csv", profile=NATIVE["entries"], limit=limit, now=NOW, by_id=None
    )


def done(run_id: int, **options: bool) -> Import:
    runs.start(run_id, profile=NATIVE["entries"], options=Options(**options))
    runs.run(run_id, now=NOW)
    return imports.get(run_id)


def entries() -> int:
    return db.session.scalar(select(func.count(Entry.id))) or 0


def test_a_file_is_checked_first_and_imported_then(app: Flask):
    an_account(number="1001")
    upload = an_upload()

    checked = done(upload, dry_run=True)
    assert (checked.status, checked.answer and checked.answer["created"], entries()) == ("checked", 1, 0)

    imported = done(upload)
    assert (imported.status, imported.rows_done, entries()) == ("done", 1, 1)


def test_a_file_with_a_bad_row_may_be_imported_in_part_afterwards(app: Flask):
    an_account(number="1001")
    upload = an_upload(CONTENT + BAD)

    assert (done(upload).status, entries()) == ("rejected", 0)
    assert (done(upload, accept_partial=True).status, entries()) == ("done", 1)


def test_a_done_import_is_not_started_again(app: Flask):
    an_account(number="1001")
    upload = an_upload()
    done(upload)

    with pytest.raises(Refused, match="imported already"):
        runs.start(upload, profile=NATIVE["entries"], options=Options())


def test_a_second_ring_does_nothing(app: Flask):
    an_account(number="1001")
    upload = an_upload()
    done(upload)

    runs.run(upload, now=NOW)

    assert entries() == 1


def test_a_run_is_held_by_one_and_no_transaction_stays_open_for_that(app: Flask):
    with locks.held(1) as first:
        with locks.held(1) as second, locks.held(2) as another:
            assert (first, second, another) == (True, False, True)
        if db.engine.dialect.name == "postgresql":
            idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state ~ 'transaction'"
            assert db.session.scalar(text(idle)) == 0
    with locks.held(1) as again:
        assert again


def test_what_a_killed_worker_left_is_done_by_the_next(app: Flask, database_url: str, tmp_path: Path):
    an_account(number="1001")
    upload = an_upload()
    runs.start(upload, profile=NATIVE["entries"], options=Options())
    process = forks.start("-m", "tests.services.imports.import_process", str(tmp_path), database_url, str(upload))
    wait_for((tmp_path / "hung").exists)

    runs.take_back(NOW)
    assert (imports.get(upload).status, imports.get(upload).rows_total) == ("posting", 1)

    process.kill()
    process.wait()
    runs.take_back(NOW)
    assert imports.queued() == [upload]
    runs.run(upload, now=NOW)
    runs.take_back(NOW)
    assert (imports.get(upload).status, entries()) == ("done", 1)


def test_a_file_that_three_workers_did_not_survive_is_given_up(app: Flask):
    upload = an_upload()
    runs.start(upload, profile=NATIVE["entries"], options=Options())

    for _worker in range(3):
        db.session.execute(update(Import).values(status="running"))
        db.session.commit()
        runs.take_back(NOW)

    assert imports.get(upload).status == "failed"
    assert "stopped three times" in (imports.get(upload).answer or {})["message"]


def test_an_unreadable_file_fails_with_its_reason(app: Flask):
    failed = done(an_upload(b"a,b\n1,2\n"))
    assert failed.status == "failed"
    assert "is missing" in (failed.answer or {})["message"]


def test_an_upload_over_the_limit_leaves_nothing(app: Flask):
    with pytest.raises(Unreadable, match="larger than"):
        an_upload(b"x" * 2_000_000, limit=1024**2)
    assert db.session.scalar(select(func.count(File.id))) == 0
    assert db.session.scalar(select(func.count(Import.id))) == 0
