"""Settings of the cluster: durable always, sized to the machine it finds itself on."""

import sys
from pathlib import Path

import psutil

from opora.shared.postgres.errors import free_megabytes

CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def settings(data: Path) -> dict[str, str]:
    """Return the server's settings for this machine; web and worker live here too, so we take a sixth of memory."""
    memory = memory_megabytes()
    longest_wal = _between(1024, free_megabytes(data) // 10, 8192)
    return {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        "password_encryption": "scram-sha-256",
        "shared_buffers": f"{_between(64, memory // 6, 8192)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": f"{_between(8, memory // 512, 64)}MB",
        "maintenance_work_mem": f"{_between(64, memory // 24, 2048)}MB",
        "max_wal_size": f"{longest_wal}MB",
        "min_wal_size": "256MB",
        "wal_compression": "on",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "200" if sys.platform == "linux" else "0",
        # Pages ask many small questions: compiling each costs more than it saves.
        "jit": "off",
        "max_locks_per_transaction": "256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "default_text_search_config": "pg_catalog.russian",
        # The server's log must not quote rows: no DETAIL («Key (enp)=…»), no text of the failed statement.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
        "log_line_prefix": "%m [%p] ",
    }


def memory_megabytes() -> int:
    """Return the memory this machine or container may use."""
    written = [file.read_text().strip() for file in CGROUP_LIMITS if file.exists()]
    limits = [int(text) for text in written if text.isdecimal()]  # «max» says there is no limit
    return min([psutil.virtual_memory().total, *limits]) // 2**20


def _between(least: int, wish: int, most: int) -> int:
    return max(least, min(wish, most))
