"""What lies in the data folder beside the cluster, and who may touch it when."""

import errno
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opora.shared.postgres.errors import ClusterRefused, no_space

LOCK_PATIENCE = 900  # seconds; recovery after a crash may take minutes, and the one who recovers holds the lock


class Folder:
    """Names and locks of one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data.absolute()
        self.cluster = self.data / "postgres"
        self.unfinished = self.data / "postgres.new"
        self.log = self.data / "postgres.log"
        self._secret = self.data / "postgres.secret"
        self._lock = self.data / "postgres.lock"
        self._lease = self.data / "postgres.lease"
        self._kept = self.data / "postgres.kept"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one who starts or stops this cluster; make the folder when there is none."""
        with self.explained():
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._wait_for(handle)
            yield
        finally:
            os.close(handle)

    def take_lease(self) -> int:
        """Say «I need the database»; the answer is to be closed. The kernel gives the lease back when we are killed."""
        with self.explained():
            handle = os.open(self._lease, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_SH)
        return handle

    def is_leased(self) -> bool:
        """Whether anybody needs the database now. Ask under ``locked``, else the answer is old at once."""
        try:
            handle = os.open(self._lease, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    @property
    def was_leased(self) -> bool:
        """Whether anybody ever needed this cluster."""
        return self._lease.exists()

    @property
    def is_kept(self) -> bool:
        """Whether somebody asked for the cluster to run on without users (``opora db start``)."""
        return self._kept.exists()

    def keep(self, wish: bool) -> None:
        if wish:
            self._kept.touch(mode=0o600)
        else:
            self._kept.unlink(missing_ok=True)

    def passwords(self) -> dict[str, str]:
        """Passwords of both roles, made up once. Shape: role → password."""
        try:
            return dict(json.loads(self._secret.read_text()))
        except FileNotFoundError:
            pass
        except ValueError:
            raise ClusterRefused(f"Файл паролей {self._secret} испорчен: верните его из копии папки данных.") from None
        if self.cluster.exists():
            raise ClusterRefused(f"Нет файла паролей {self._secret}: верните его из копии папки данных.")
        made = {"opora_admin": secrets.token_urlsafe(24), "opora": secrets.token_urlsafe(24)}
        write_whole(self._secret, json.dumps(made))
        return made

    def rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > 10 * 2**20:
            self.log.replace(self.log.with_suffix(".log.1"))

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the system says about the folder into a sentence."""
        try:
            yield
        except OSError as fault:
            if fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise no_space(self.data) from fault
            if fault.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise ClusterRefused(
                    f"В папку данных {self.data} нельзя писать: {fault.strerror}. "
                    "Дайте на неё права или укажите другую: --data ПАПКА."
                ) from fault
            if fault.errno in (errno.ENOTDIR, errno.EEXIST):
                raise ClusterRefused(f"{self.data} — не папка. Укажите другую: --data ПАПКА.") from fault
            raise ClusterRefused(f"Папка данных {self.data} недоступна: {fault.strerror}.") from fault

    def _wait_for(self, handle: int) -> None:
        patience = time.monotonic() + LOCK_PATIENCE
        while True:
            try:
                return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > patience:
                    minutes = LOCK_PATIENCE // 60
                    raise ClusterRefused(
                        f"Другая программа запускает базу в {self.data} дольше {minutes} минут."
                    ) from None
                time.sleep(0.02)


def write_whole(path: Path, text: str) -> None:
    """Write a private file so that after a crash it is either the old one or the new one."""
    draft = path.with_name(path.name + ".draft")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
