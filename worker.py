"""The worker: `python worker.py [--burst]`."""

import sys

from wiseops.processes.worker import main

if __name__ == "__main__":
    sys.exit(main())
