"""Why there is no database, in words a person can act on."""

import shutil
from pathlib import Path


class ClusterRefused(Exception):
    """The embedded database cannot be had; the text says why and what to do. Exit code 3."""


def no_space(folder: Path) -> ClusterRefused:
    return ClusterRefused(
        f"На диске с папкой {folder} нет места: свободно {free_megabytes(folder)} МБ. "
        "Освободите место или укажите другую папку: --data ПАПКА."
    )


def free_megabytes(folder: Path) -> int:
    """Return the free space of the disk that holds ``folder`` or its nearest existing parent, in whole megabytes."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free // 2**20
