"""The import page: upload, columns, dry run, import, what is left to confirm."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.factories import NOW, an_account, an_entry
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.jobs import imports as jobs
from wiseops.models import Entry, Import, ImportProfile
from wiseops.services.imports import Answer, Options, runs

NATIVE = b"account,kind,number,issued_on,currency,amount\n1001,invoice,55,2026-01-31,DKK,100.00\n"
DANISH = "Kundenr;Fakturanr;Fakturadato;Beløb\n1001;55;31-01-2026;1.234,50\n".encode("cp1252")
COLUMNS = {
    "entries.account.column": "Kundenr",
    "entries.kind.text": "invoice",
    "entries.number.column": "Fakturanr",
    "entries.issued_on.column": "Fakturadato",
    "entries.currency.text": "DKK",
    "entries.amount.column": "Beløb",
    "dates": "d-m-y",
    "decimal": ",",
}


def upload(browser: Browser, content: bytes, *, noun: str = "entries", name: str = "book.csv") -> TestResponse:
    return browser.post("/settings/imports", data={"noun": noun, "file": (io.BytesIO(content), name)})


def entries() -> int:
    return db.session.scalar(select(func.count(Entry.id))) or 0


def test_only_managers_import(collector: Browser):
    assert collector.get("/settings/imports").status_code == 403
    assert upload(collector, NATIVE).status_code == 403


def test_a_file_is_looked_at_checked_and_imported(manager: Browser):
    an_account(number="1001")

    page = upload(manager, NATIVE).location
    shown = manager.get(page).text
    assert "First rows, as they would be read" in shown
    assert "100.00" in shown

    assert manager.post(page + "/check", data=_mapping_of(NATIVE)).location == page
    assert 'hx-trigger="every 1s"' in manager.fragment(page).text
    jobs.sweep()
    jobs.run(db.session.scalars(select(Import.id)).one())
    checked = manager.fragment(page).text
    assert "Nothing was changed yet" in checked
    assert 'hx-trigger="every 1s"' not in checked
    assert entries() == 0

    manager.post(page + "/import")
    jobs.run(db.session.scalars(select(Import.id)).one())
    assert "Imported" in manager.get("/settings/imports").text
    assert entries() == 1


def test_a_dry_run_that_never_ended_imports_nothing_whatever_is_pressed(manager: Browser):
    page = upload(manager, NATIVE).location
    manager.post(page + "/check", data=_mapping_of(NATIVE))
    begun = db.session.scalars(select(Import)).one()
    begun.status, begun.options = "running", begun.options | {"queued_at": "2020-01-01T00:00:00+00:00"}
    db.session.commit()

    assert "<button" not in manager.fragment(page).text
    assert manager.post(page + "/import").status_code == 409

    assert db.session.scalars(select(Import.status)).one() == "running"


def test_how_far_it_is_shows(manager: Browser):
    page = upload(manager, NATIVE).location
    manager.post(page + "/check", data=_mapping_of(NATIVE))
    begun = db.session.scalars(select(Import)).one()

    begun.status, begun.rows_done, begun.rows_total = "running", 1000, 2500
    db.session.commit()
    assert "Reading row 1,000 of 2,500" in manager.fragment(page).text
    assert 'value="1000" max="2500"' in manager.fragment(page).text

    begun.status, begun.rows_done = "posting", 0
    db.session.commit()
    assert "Trying 2,500 rows" in manager.fragment(page).text

    begun.options = begun.options | {"dry_run": False}
    db.session.commit()
    assert "Posting 2,500 rows" in manager.fragment(page).text
    assert 'hx-trigger="every 1s"' in manager.fragment(page).text


def test_a_foreign_layout_is_proposed_corrected_and_saved_as_a_profile(manager: Browser):
    an_account(number="1001")
    page = upload(manager, DANISH).location
    assert "1,234.50" in manager.get(page).text

    wrong = manager.post(page + "/preview", data=COLUMNS | {"decimal": "."}).text
    assert "not written like 1234.50" in wrong
    manager.post(page + "/check", data=COLUMNS | {"save_as": "Economy"})
    jobs.run(db.session.scalars(select(Import.id)).one())

    saved = db.session.scalars(select(ImportProfile)).one()
    assert (saved.name, saved.kind, saved.mapping["decimal"]) == ("Economy", "entries", ",")
    assert "Economy" in manager.get("/settings/imports").text
    assert 'value="Economy"' in manager.get(upload(manager, DANISH).location).text
    manager.post(f"/settings/imports/profiles/{saved.id}/removal")
    assert db.session.scalars(select(ImportProfile)).all() == []


def test_columns_that_are_missing_are_said_before_anything_runs(manager: Browser):
    page = upload(manager, DANISH).location
    answer = manager.post(page + "/check", data=COLUMNS | {"entries.amount.column": ""})
    assert answer.status_code == 422
    assert "nothing about amount" in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"PK\x03\x04...", "Excel"), (b"a,b\n\0,1\n", "NUL"), (b"", "empty"), (b"\xd0\xcf\x11\xe0...", "old Excel")],
)
def test_what_is_no_csv_file_is_refused_at_the_door(manager: Browser, content: bytes, words: str):
    answer = upload(manager, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(Import)).all() == []


def test_no_file_at_all_is_said_on_the_field(manager: Browser):
    answer = manager.post("/settings/imports", data={"noun": "entries"})
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


def test_a_file_over_the_limit_is_refused(app: Flask, manager: Browser):
    answer = upload(manager, b"number,name\n" + b"1,Acme\n" * (51 * 1024**2 // 7))
    assert answer.status_code == 422
    assert "larger than 50 MB" in answer.text
    assert upload(manager, b"x" * (66 * 1024**2)).status_code == 413


def test_a_file_of_accounts_is_known_whatever_was_ticked(manager: Browser):
    upload(manager, b"number,name\n1,Acme\n")
    assert db.session.scalars(select(Import.kind)).one() == "accounts"


def test_rejected_rows_are_listed_and_downloaded_without_formulas(manager: Browser):
    page = upload(manager, NATIVE + b"=cmd(),invoice,56,41275,DKK,1.00\n").location
    manager.post(page + "/check", data=_mapping_of(NATIVE))
    jobs.run(db.session.scalars(select(Import.id)).one())

    assert "Import the 0 good rows" not in manager.get(page).text
    assert "as Excel counts it" in manager.get(page).text
    csv = manager.get(page + "/rejected.csv", buffered=True)
    assert csv.mimetype == "text/csv"
    assert "issued_on" in csv.text


def test_a_field_that_looks_like_a_formula_is_neutralised_in_the_download(manager: Browser):
    header = b"account,kind,number,=cmd(),currency,amount\n"
    page = upload(manager, header + b"1,invoice,56,41275,DKK,1.00\n").location
    manager.post(page + "/check", data=_mapping_of(NATIVE) | {"entries.issued_on.column": "=cmd()"})
    jobs.run(db.session.scalars(select(Import.id)).one())

    assert "'=cmd()" in manager.get(page + "/rejected.csv", buffered=True).text


def test_what_a_snapshot_proposes_is_booked_when_ticked(manager: Browser):
    account = an_account()
    paid, kept = an_entry(account, "100.00 DKK", number="A1"), an_entry(account, "50.00 DKK", number="A2")
    answer = Answer(proposals=[paid, kept])
    run = runs.record(answer, noun="entries", filename="x.csv", profile="", options=Options(snapshot=True), now=NOW)
    assert "A1" in manager.get(f"/settings/imports/{run}").text

    manager.post(f"/settings/imports/{run}/proposals", data={"entry": [str(paid)]})

    left = dict(db.session.execute(select(Entry.number, Entry.open).where(Entry.kind == "invoice")).all())
    assert left == {"A1": 0, "A2": 5000}


def test_an_import_of_the_command_line_shows_its_answer_and_has_nothing_to_start(manager: Browser):
    run = runs.record(Answer(rows=3), noun="entries", filename="x.csv", profile="", options=Options(), now=NOW)
    assert "Check the file" not in manager.get(f"/settings/imports/{run}").text
    assert manager.post(f"/settings/imports/{run}/check").status_code == 404
    assert manager.get("/settings/imports/999").status_code == 404


def _mapping_of(content: bytes) -> dict[str, str]:
    header = content.split(b"\n")[0].decode().split(",")
    return {f"entries.{name}.column": name for name in header}
