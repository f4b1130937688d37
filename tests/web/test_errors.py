"""What goes wrong, in words."""

import sqlite3

import pytest

from tests.web.conftest import Browser
from wiseops import extensions
from wiseops.extensions import db
from wiseops.queries import automation


def test_who_waits_in_vain_for_the_one_writer_of_sqlite_reads_why(manager: Browser, monkeypatch: pytest.MonkeyPatch):
    if db.engine.dialect.name != "sqlite":
        return
    monkeypatch.setattr(extensions, "PATIENCE", 0.05)
    manager.get("/auto-collection")
    form = {"reason": "Holiday"}
    importing = sqlite3.connect(str(db.engine.url.database))
    importing.execute("BEGIN IMMEDIATE")

    page = manager.post("/auto-collection/pause", data=form)
    notice = manager.fragment("/auto-collection/pause", method="POST", data=form)
    importing.close()

    assert (page.status_code, notice.status_code) == (503, 503)
    assert "<h1>Busy</h1>" in page.text
    assert notice.text.startswith("Busy. An import or something as large is being saved.")
    assert manager.post("/auto-collection/pause", data=form).status_code == 303
    assert automation.switch().paused
