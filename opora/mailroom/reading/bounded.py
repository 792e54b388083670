"""A program that reads a stranger's file: no more memory and time than it is given."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

# The limits are set by the shell that becomes the program: a hook between fork and exec is not safe among threads.
_SHELL = 'ulimit -v "$1" && ulimit -t "$2" && ulimit -f "$3" && shift 3 && exec "$@"'
LARGEST_FILE = 100 * 1024  # blocks of 512 bytes a child may write to the disk


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program left: ``code`` None — it was stopped because its time was over."""

    code: int | None
    output: bytes
    said: str

    @property
    def is_done(self) -> bool:
        return self.code == 0


def there(*programs: str) -> bool:
    """Whether every program is on this machine."""
    return all(shutil.which(program) for program in programs)


def run(arguments: Sequence[str], *, given: bytes | None = None, seconds: int, megabytes: int) -> Ran:
    """Run a program and wait for it; ``seconds`` are of its processor, twice as many on the clock."""
    limited = ["sh", "-c", _SHELL, "sh", str(megabytes * 1024), str(seconds), str(LARGEST_FILE), *arguments]
    surroundings = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
    if "TESSDATA_PREFIX" in os.environ:
        surroundings["TESSDATA_PREFIX"] = os.environ["TESSDATA_PREFIX"]
    try:
        done = subprocess.run(
            limited, input=given or b"", capture_output=True, timeout=2 * seconds, env=surroundings, check=False
        )
    except subprocess.TimeoutExpired:
        return Ran(None, b"", "")
    return Ran(done.returncode, done.stdout, done.stderr[:4000].decode("utf-8", "replace"))
