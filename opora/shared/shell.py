"""Pages that open without a network: a room serves one worker from its own address, which bounds what it may keep."""

from pathlib import Path

from django.http import HttpResponse

WORKER = Path(__file__).parent / "static" / "opora" / "shell-worker.js"


def shell_worker() -> HttpResponse:
    """Return the script that keeps the shell of the page in whose folder it is served. See ``opora/shell.js``."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
