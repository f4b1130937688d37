"""python -m bench [NAME ...] [accounts] [sqlite|postgresql ...]: every benchmark, on both databases by default."""

import sys

from bench import pages, passes, writes
from bench.databases import ENGINES, database

EVERY = {"passes": passes, "pages": pages, "writes": writes}

words = sys.argv[1:]
accounts = int(next((word for word in words if word.isdigit()), 100_000))
for engine in [word for word in words if word in ENGINES] or ENGINES:
    for name in [word for word in words if word in EVERY] or EVERY:
        with database(engine):
            EVERY[name].run(engine, accounts)
