"""`python -m wiseops.processes run|serve`: what `make run` and `make serve` type."""

import sys

from wiseops.processes import supervisor

if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["serve"]):
        sys.exit("python -m wiseops.processes run|serve")
    sys.exit(supervisor.main(sys.argv[1]))
