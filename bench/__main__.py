"""python -m bench [accounts] [sqlite|postgresql ...]: every benchmark, on both databases by default."""

import sys

from bench import pages, passes
from bench.databases import ENGINES, database

accounts = int(next((word for word in sys.argv[1:] if word.isdigit()), 100_000))
for engine in [word for word in sys.argv[1:] if word in ENGINES] or ENGINES:
    with database(engine):
        passes.run(engine, accounts)
    with database(engine):
        pages.run(engine, accounts)
