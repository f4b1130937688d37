"""Two years of a real ledger, five times cut off."""

import json
import random
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from tests import books, replaying
from tests.oracles import properties, standard

FIRST, LAST = date(2012, 1, 1), date(2014, 1, 31)

pytestmark = [pytest.mark.faults, books.needs_ibm]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_years_send_what_the_design_says_however_often_they_are_killed(
    app: Flask, database_url: str, tmp_path: Path
):
    books.put(books.IBM)
    started = time.monotonic()
    whole = replaying.whole(database_url, tmp_path / "whole.sqlite", FIRST, LAST)
    took = time.monotonic() - started

    for after in sorted(random.Random(2014).sample(range(5, 755), 5)):
        assert replaying.killed(database_url, tmp_path / "killed.sqlite", FIRST, LAST, after=after) >= after

    answer, book = json.loads(whole), standard.read(books.IBM)
    sys.stdout.write(f"{len(answer['messages'])} messages and calls in {took:.0f} s\n")
    assert replaying.whole(database_url, tmp_path / "killed.sqlite", FIRST, LAST) == whole
    assert answer["messages"] == standard.messages(book, FIRST, LAST, "USD")
    properties.check(answer, book, FIRST, LAST)
