"""flask import accounts and entries."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.factories import an_account, an_entry
from wiseops.extensions import db
from wiseops.models import Entry, Import

HEADER = "account,kind,number,issued_on,due_on,currency,amount,allocate_to,disputed_amount,payment_reference\n"
GOOD = "1001,invoice,55,2026-01-31,,DKK,100.00,,,\n"
BAD = "1001,invoice,56,41275,,DKK,100.00,,,\n"


def run(app: Flask, tmp_path: Path, content: str | bytes, *arguments: str, noun: str = "entries") -> Result:
    file = tmp_path / "book.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return app.test_cli_runner().invoke(args=["import", noun, str(file), *arguments])


def test_the_answer_is_json_and_a_clean_import_exits_with_0(app: Flask, tmp_path: Path):
    an_account(number="1001")

    result = run(app, tmp_path, HEADER + GOOD, "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0, "errors": [],
    }  # fmt: skip


def test_a_rejected_row_is_told_and_exits_with_1(app: Flask, tmp_path: Path):
    an_account(number="1001")

    result = run(app, tmp_path, HEADER + GOOD + BAD, "--json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (answer["created"], answer["rejected"]) == (0, 1)
    assert {"row", "field", "message"} == set(answer["errors"][0])
    assert (answer["errors"][0]["row"], answer["errors"][0]["field"]) == (3, "issued_on")
    assert db.session.scalar(select(func.count(Entry.id))) == 0


def test_good_rows_go_in_with_accept_partial_and_words_say_so(app: Flask, tmp_path: Path):
    an_account(number="1001")

    result = run(app, tmp_path, HEADER + GOOD + BAD, "--accept-partial")

    assert result.exit_code == 1
    assert "1 created" in result.stdout
    assert "row 3, issued_on" in result.stdout
    assert db.session.scalar(select(func.count(Entry.id))) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "no header of entries"),
        (b"PK\x03\x04", "Excel"),
        (HEADER + "1001,inv\0oice\n", "NUL"),
        ("", "empty"),
    ],
)
def test_an_unreadable_file_exits_with_2_and_says_why_on_stderr(
    app: Flask, tmp_path: Path, content: str | bytes, words: str
):
    result = run(app, tmp_path, content, "--json")

    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_file_over_the_limit_is_refused_before_it_is_read(app: Flask, tmp_path: Path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as sparse:
        sparse.truncate(200 * 1024**2)

    result = app.test_cli_runner().invoke(args=["import", "accounts", str(file)])

    assert result.exit_code == 2
    assert "larger than 50 MB" in result.stderr


def test_a_missing_file_or_an_unknown_profile_exits_with_2(app: Flask, tmp_path: Path):
    assert app.test_cli_runner().invoke(args=["import", "accounts", str(tmp_path / "none.csv")]).exit_code == 2
    result = run(app, tmp_path, HEADER + GOOD, "--profile", "nonesuch")
    assert result.exit_code == 2
    assert "There is: ibm-late-payment" in result.stderr


def test_a_dry_run_leaves_no_trace(app: Flask, tmp_path: Path):
    an_account(number="1001")

    result = run(app, tmp_path, HEADER + GOOD, "--dry-run")

    assert result.exit_code == 0
    assert "nothing was changed" in result.stdout
    assert db.session.scalar(select(func.count(Entry.id))) == 0
    assert db.session.scalar(select(func.count(Import.id))) == 0


def test_a_snapshot_leaves_its_proposals_on_the_page(app: Flask, tmp_path: Path):
    gone = an_entry(an_account(number="1001"), "5.00 DKK", number="54")

    result = run(app, tmp_path, HEADER + GOOD, "--snapshot", "--json")

    kept = db.session.scalars(select(Import)).one()
    assert kept.proposals == [gone]
    assert f"/settings/imports/{kept.id}" in result.stderr
    assert json.loads(result.stdout)["created"] == 1


def test_a_named_profile_reads_the_file(app: Flask, tmp_path: Path):
    header = "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,SettledDate\n"
    result = run(app, tmp_path, header + "K1,007,1/2/2013,2/1/2013,5.50,\n", "--profile", "ibm-late-payment", "--json")
    assert json.loads(result.stdout)["created"] == 1
