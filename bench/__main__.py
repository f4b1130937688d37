"""python -m bench [accounts] [sqlite|postgresql ...]: every benchmark, on both databases by default.

`python -m bench sending [messages]` runs that one alone, with 2,000 messages unless told.
"""

import sys

from bench import pages, passes, sending
from bench.databases import ENGINES, database

is_sending_only = "sending" in sys.argv
default = 2_000 if is_sending_only else 100_000
count = int(next((word for word in sys.argv[1:] if word.isdigit()), default))
for engine in [word for word in sys.argv[1:] if word in ENGINES] or ENGINES:
    if not is_sending_only:
        with database(engine):
            passes.run(engine, count)
        with database(engine):
            pages.run(engine, count)
    with database(engine):
        sending.run(engine, count)
