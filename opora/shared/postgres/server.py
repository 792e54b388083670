"""One server process: made, started, found again after a crash, stopped."""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from opora.shared.postgres import account, binaries
from opora.shared.postgres.errors import ClusterRefused, free_megabytes, no_space
from opora.shared.postgres.folder import Folder, write_whole
from opora.shared.postgres.tuning import settings as tuned

SPACE_TO_MAKE = 200  # MB: an empty cluster and its first WAL
SPACE_TO_START = 48
START_PATIENCE = 600  # seconds: replaying a long WAL after a crash
RETRY_PATIENCE = 30  # seconds: the dead server's children may take a while to leave
PORTS = range(20_000, 32_000)  # below the range from which the kernel lends ports to outgoing connections
INCLUDE = "\ninclude_if_exists = 'opora.conf'\ninclude_if_exists = 'local.conf'\n"

_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Postmaster:
    """What the running server says of itself in ``postmaster.pid``."""

    pid: int
    port: int
    is_ready: bool


class Server:
    """The server of one data folder. Everything that changes it is called under ``folder.locked()``."""

    def __init__(
        self, folder: Folder, *, preferred: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.preferred = preferred
        self.settings = dict(settings or {})

    def running(self) -> Postmaster | None:
        """Return the live server of this folder, None when there is none or only its left-over file."""
        said = self._lock_file()
        if said is None or not _is_alive(said.pid, self.folder.cluster):
            return None
        return said

    def start(self) -> Postmaster:
        """Return the server ready to answer, made and started where needed. Raises ClusterRefused."""
        if found := self.running():
            return found if found.is_ready else self._wait_until_ready(found.pid)
        with self.folder.explained():
            runner = account.choose(self.folder.data, self.folder.cluster)
            programs = binaries.choose(self.folder.cluster, preferred=self.preferred, usable=runner.can_run)
            if not self.folder.cluster.exists():
                self._make(programs, runner)
            if free_megabytes(self.folder.data) < SPACE_TO_START:
                raise no_space(self.folder.data)
            self._configure(runner)
            self.folder.rotate_log()
            return self._start(programs, runner)

    def stop(self) -> None:
        """End the server and wait for it: politely, then at once, then by force."""
        found = self.running()
        if found is None:
            return
        for number, patience in ((signal.SIGINT, 120), (signal.SIGQUIT, 20)):
            _tell(found.pid, number)
            if _wait(lambda: not _is_alive(found.pid, self.folder.cluster), patience):
                return
        for process in processes_of(self.folder.cluster):
            _tell(process.pid, signal.SIGKILL)

    def _make(self, programs: binaries.Binaries, runner: account.Account) -> None:
        """initdb beside the final place and move it there whole: a half-made cluster is never taken for one."""
        new = self.folder.unfinished
        shutil.rmtree(new, ignore_errors=True)
        if free_megabytes(self.folder.data) < SPACE_TO_MAKE:
            raise no_space(self.folder.data)
        password = self.folder.passwords()["opora_admin"]
        new.mkdir(mode=0o700)
        runner.give(new)
        with tempfile.NamedTemporaryFile("w", dir=self.folder.data, prefix="postgres.pw-") as file:
            file.write(password)
            file.flush()
            runner.give(Path(file.name))
            done = runner.run(
                programs["initdb"], "-D", str(new), "-U", "opora_admin", "-E", "UTF8", "--data-checksums",
                "--auth=scram-sha-256", f"--pwfile={file.name}", *_locale(programs),
            )  # fmt: skip
        if done.returncode:
            shutil.rmtree(new, ignore_errors=True)
            raise self._explain(done.stdout + done.stderr)
        with (new / "postgresql.conf").open("a") as conf:
            conf.write(INCLUDE)
        (new / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        new.replace(self.folder.cluster)

    def _configure(self, runner: account.Account) -> None:
        """Write opora.conf anew: the machine may have grown; the port stays unless somebody took it."""
        conf = self.folder.cluster / "opora.conf"
        port = _port_written(conf)
        if port is None or not _is_free(port):
            port = _free_port()
        values = {"port": str(port)} | tuned(self.folder.data) | self.settings
        lines = ["# Written by opora at every start; your own settings go to local.conf beside it."]
        lines += [f"{name} = '{value}'" for name, value in values.items()]
        write_whole(conf, "\n".join(lines) + "\n")
        runner.give(conf)

    def _start(self, programs: binaries.Binaries, runner: account.Account) -> Postmaster:
        patience = time.monotonic() + RETRY_PATIENCE
        while True:
            self._forget_the_dead()
            with self.folder.log.open("ab") as log:
                since = log.tell()
                process = runner.launch(programs["postgres"], "-D", str(self.folder.cluster), log=log)
            _children[process.pid] = process
            try:
                return self._wait_until_ready(process.pid)
            except ClusterRefused as refused:
                if found := self.running():  # whoever was starting it before us was killed, the server was not
                    return self._wait_until_ready(found.pid)
                said = self._log_since(since)
                busy = "already exists" in said or "still in use" in said
                if not busy or time.monotonic() > patience:
                    raise self._explain(said) from refused
                time.sleep(0.3)

    def _wait_until_ready(self, pid: int) -> Postmaster:
        def is_over() -> bool:
            said = self._lock_file()
            return (said is not None and said.pid == pid and said.is_ready) or not _exists(pid)

        if not _wait(is_over, START_PATIENCE):
            raise ClusterRefused(
                f"База не поднялась за {START_PATIENCE // 60} минут. Журнал сервера: {self.folder.log}"
            )
        said = self._lock_file()
        if said is None or said.pid != pid or not _exists(pid):
            raise ClusterRefused(f"Сервер базы закрылся сразу после запуска. Его журнал: {self.folder.log}")
        return said

    def _forget_the_dead(self) -> None:
        """Remove the lock file of a killed server once no process of it is left.

        The server itself would refuse when its old number now belongs to a stranger (a container after a restart) or
        to a zombie nobody has reaped. Shared memory stays guarded by the server's own key.
        """
        said = self._lock_file()
        if said and not _is_alive(said.pid, self.folder.cluster) and not processes_of(self.folder.cluster):
            (self.folder.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _lock_file(self) -> Postmaster | None:
        try:
            lines = (self.folder.cluster / "postmaster.pid").read_text().split("\n")
            return Postmaster(int(lines[0]), int(lines[3]), len(lines) > 7 and lines[7].strip() == "ready")
        except (OSError, ValueError, IndexError):
            return None

    def _log_since(self, place: int) -> str:
        with self.folder.log.open("rb") as log:
            log.seek(place)
            return log.read().decode(errors="replace")

    def _explain(self, said: str) -> ClusterRefused:
        if "No space left on device" in said or "Disk quota exceeded" in said:
            return no_space(self.folder.data)
        lines = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
        reason = (lines or said.splitlines() or ["причина неизвестна"])[-1].strip()
        return ClusterRefused(
            f"База в {self.folder.cluster} не запустилась: {reason}. Журнал сервера: {self.folder.log}"
        )


def processes_of(cluster: Path) -> list[psutil.Process]:
    """Every live process of the server in ``cluster``: all of them work in that folder."""
    return [process for process in psutil.process_iter() if _works_in(process, cluster)]


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == cluster.resolve()
    except (psutil.Error, OSError):
        return False


def _exists(pid: int) -> bool:
    if child := _children.get(pid):
        return child.poll() is None
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_alive(pid: int, cluster: Path) -> bool:
    """Whether ``pid`` is the server of ``cluster`` and not a zombie or a stranger with a used number."""
    if not _exists(pid):
        return False
    try:
        process = psutil.Process(pid)
        return Path(process.cwd()) == cluster.resolve()
    except psutil.AccessDenied:
        return True  # another user's process: as good as alive, we may not start a second one
    except psutil.Error:
        return False


def _tell(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _wait(is_over: Callable[[], bool], patience: float) -> bool:
    until = time.monotonic() + patience
    while not is_over():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _locale(programs: binaries.Binaries) -> list[str]:
    if programs.major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _port_written(conf: Path) -> int | None:
    if not conf.exists():
        return None
    for line in conf.read_text().splitlines():
        if line.startswith("port = "):
            return int(line.split("'")[1])
    return None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    for port in random.sample(PORTS, 200):
        if _is_free(port):
            return port
    raise ClusterRefused("На этой машине не нашлось свободного порта для базы.")
