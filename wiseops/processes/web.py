"""How gunicorn serves the app: `gunicorn --config python:wiseops.processes.web "wiseops.app:create_app()"`."""

import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from wiseops import logs
from wiseops.config import Misconfigured, environment

logs.configure()
_environ = environment()
bind = f"{_environ.get('WISEOPS_BIND', '0.0.0.0')}:{_environ.get('PORT', '5000')}"  # noqa: S104
worker_class = "gthread"
workers = int(_environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 60
graceful_timeout = 9
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
accesslog = None
control_socket_disable = True


def post_worker_init(worker: Worker) -> None:
    """Ends the whole server where the worker would refuse to start as well."""
    from wiseops.processes import release

    try:
        release.check_live_mode(worker.wsgi)
    except Misconfigured as wrong:
        sys.stderr.write(f"{wrong}\n")
        sys.exit(Arbiter.WORKER_BOOT_ERROR)
