"""For tests of survival: what a power cut does to the database, done on purpose."""

import os
import signal
from pathlib import Path

from opora.shared.postgres.folder import Folder
from opora.shared.postgres.server import processes_of


def kill_everything(data: Path) -> int:
    """``kill -9`` every process of the cluster at once, without a word; return how many there were.

    Whoever was using it keeps running: a test that wants her dead too kills her itself. The folder may be opened again
    at once: ``hold`` and ``ensure`` wait for the last of the dead.
    """
    cluster = Folder(data).cluster
    killed = 0
    # The postmaster may give birth while we count: look again until nobody is left.
    while living := processes_of(cluster):
        for process in living:
            try:
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                continue
    return killed
