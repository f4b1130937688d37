"""Stored files."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.domain.files import PART, Files, parts
from wiseops.extensions import db
from wiseops.models import File, FilePart
from wiseops.services import files

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_file_is_kept_in_parts_and_read_back_as_it_was(app: Flask):
    content = bytes(range(256)) * 10_000
    pieces = (content[start : start + 70_000] for start in range(0, len(content), 70_000))

    stored = files.store(pieces, name="book.csv", content_type="text/csv", now=NOW)

    sizes = [len(part) for part in db.session.scalars(select(FilePart.content).order_by(FilePart.part))]
    assert sizes == [PART, PART, len(content) - 2 * PART]
    assert b"".join(files.read(stored.id)) == content
    assert files.find(stored.id) == stored
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_an_empty_file_is_a_file(app: Flask):
    stored = files.store([], name="nothing", content_type="text/plain", now=NOW, keep_until=NOW + timedelta(days=1))
    assert list(files.read(stored.id)) == []
    assert stored.size == 0


def test_a_file_that_breaks_off_leaves_nothing(app: Flask):
    def breaking():
        yield b"x" * PART
        raise OSError("connection lost")

    with pytest.raises(OSError, match="lost"):
        files.store(breaking(), name="half", content_type="text/csv", now=NOW)
    assert db.session.scalars(select(File)).all() == []
    assert db.session.scalars(select(FilePart)).all() == []


def test_a_removed_file_is_gone(app: Flask):
    stored = files.store([b"x"], name="x", content_type="text/plain", now=NOW)
    files.remove(stored.id)
    with pytest.raises(NotFound):
        files.find(stored.id)
    with pytest.raises(NotFound):
        list(files.read(stored.id))


def test_the_database_fills_the_port(app: Flask):
    kept: Files = files
    assert kept.store([b"x"], name="x", content_type="text/plain", now=NOW).size == 1


def test_parts_have_one_size_whatever_the_pieces():
    assert [len(part) for part in parts([b"a" * (PART - 1), b"bb", b"", b"c"])] == [PART, 2]
