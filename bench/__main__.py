"""python -m bench [NAME ...] [size] [sqlite|postgresql ...]: every benchmark, on both databases by default.

The size is the number of accounts, 100,000 unless told; of messages for `sending`, then 2,000 unless told.
"""

import sys

from bench import pages, passes, sending, writes
from bench.databases import ENGINES, database

EVERY = {"passes": passes, "pages": pages, "writes": writes, "sending": sending}
SIZES = {"sending": 2_000}

words = sys.argv[1:]
size = next((int(word) for word in words if word.isdigit()), None)
for engine in [word for word in words if word in ENGINES] or ENGINES:
    for name in [word for word in words if word in EVERY] or EVERY:
        with database(engine):
            EVERY[name].run(engine, size or SIZES.get(name, 100_000))
