"""The log speaks key=value and names nobody."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.factories import NOW
from wiseops import logs
from wiseops.extensions import db
from wiseops.models import Contact, User
from wiseops.services.transaction import transaction


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_a_fact_is_one_line_of_keys_and_values(capsys: pytest.CaptureFixture[str]):
    logs.configure()

    structlog.get_logger("wiseops").info("message_delivered", message=7, provider="vonage")

    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "level=info event=message_delivered message=7 provider=vonage" in line


def test_people_are_hidden_even_where_somebody_forgot(capsys: pytest.CaptureFixture[str]):
    logs.configure()

    structlog.get_logger("wiseops").info("message_delivered", message=7, phone="+4520123456", body="Dear Anna")

    line = capsys.readouterr().err
    assert "phone=hidden" in line
    assert "4520123456" not in line
    assert "Anna" not in line


def test_libraries_speak_the_same_form(capsys: pytest.CaptureFixture[str]):
    logs.configure()
    logs.configure()

    logging.getLogger("redis").warning("lost the line")

    assert capsys.readouterr().err.count('level=warning event="lost the line"') == 1


def test_an_exception_stays_on_its_line(capsys: pytest.CaptureFixture[str]):
    logs.configure()

    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("wiseops").exception("job_failed", job="passes.run")

    line = capsys.readouterr().err
    assert "ValueError: no" in line
    assert line.count("\n") == 1


def test_an_error_of_the_database_does_not_tell_what_was_to_be_written(app: Flask):
    with pytest.raises(IntegrityError) as error, transaction():
        db.session.execute(insert(Contact), [{"account_id": 99, "name": "Anna Berg", "email": "anna@example.com"}])

    assert "INSERT INTO contacts" in str(error.value)
    assert "anna" not in str(error.value).lower()


def test_what_stood_in_a_refused_row_stays_out_of_the_log(app: Flask, capsys: pytest.CaptureFixture[str]):
    logs.configure()
    person = {"email": "anna@example.com", "name": "Anna\nBerg", "password_hash": "", "created_at": NOW}

    for row in ({**person, "role": "admin"}, {**person, "role": "admin"}, {**person, "role": None}):
        try:
            with transaction():
                db.session.execute(insert(User), [row])
        except IntegrityError as error:
            logging.getLogger("wiseops").exception("refused")
            structlog.get_logger("wiseops").error("refused", said=str(error))

    lines = capsys.readouterr().err.lower()
    assert lines.count("integrityerror") >= 2
    assert "anna" not in lines
    assert "berg" not in lines
    assert "insert into users" in lines
