"""How gunicorn serves the app: `gunicorn --config python:wiseops.processes.web "wiseops.app:create_app()"`."""

from pathlib import Path

from wiseops import logs
from wiseops.config import environment

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
