"""How gunicorn serves, in the demo and in production (`gunicorn -c config/web.py config.wsgi`)."""

import os
from typing import Any

from demo.loopback import refuse_open_door

HOST = os.environ.get("BIND", "127.0.0.1")
bind = f"[{HOST}]:{os.environ.get('PORT', '8000')}" if ":" in HOST else f"{HOST}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # imports once, then forks: half the memory and half the start
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108  a heartbeat on a slow disk stalls
control_socket_disable = True  # it would write into the home folder
timeout = 60
graceful_timeout = 8
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"


def on_starting(server: Any) -> None:
    """The last word on where we listen: `--bind` on the command line counts too."""
    if os.environ.get("DEMO", "0") != "0":
        refuse_open_door([address[0] if isinstance(address, tuple) else "" for address in server.cfg.address])
