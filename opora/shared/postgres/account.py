"""Under whom the server runs: PostgreSQL refuses root, so root steps down without making users or opening folders."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from opora.shared.postgres.errors import ClusterRefused

# Root's own files stay root's on disk; only inside does the server see itself as user 1000.
NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000", "--")
SPARE_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """How to start a program of the server: a prefix of the command, or another user."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self.prefix, *command], capture_output=True, text=True, check=False, **self._options())

    def can_run(self, program: str) -> bool:
        """Whether this account reaches the program: another user may not enter root's folders."""
        try:
            return self.user is None or self.run(program, "--version").returncode == 0
        except OSError:
            return False

    def launch(self, *command: str, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a program that outlives us: in a session of its own, so Ctrl+C at our terminal does not reach it."""
        return subprocess.Popen(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **self._options(),
        )

    def give(self, path: Path) -> None:
        """Let the server's user own ``path``."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def _options(self) -> dict[str, Any]:
        clean = {name: text for name, text in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
        options: dict[str, Any] = {"cwd": "/", "env": clean}
        if self.user is not None:
            options |= {"user": self.user, "group": self.group, "extra_groups": []}
        return options


def choose(data: Path, cluster: Path) -> Account:
    """Return the account that may run ``cluster``, which need not exist yet. Raises ClusterRefused."""
    owner = cluster.stat().st_uid if cluster.exists() else None
    me = os.geteuid()
    if me != 0:
        if owner not in (None, me):
            raise ClusterRefused(
                f"Папка {cluster} принадлежит пользователю {_name(owner)}. Запустите программу от его имени "
                "или укажите другую папку: --data ПАПКА."
            )
        return Account()
    if owner:
        return Account(user=owner, group=cluster.stat().st_gid)
    if _namespace_works():
        return Account(prefix=NAMESPACE)
    return _spare_user(data)


def _namespace_works() -> bool:
    if not shutil.which(NAMESPACE[0]):
        return False
    tried = subprocess.run([*NAMESPACE, "id", "-u"], capture_output=True, text=True, check=False)
    return tried.returncode == 0 and tried.stdout.strip() == "1000"


def _spare_user(data: Path) -> Account:
    for name in SPARE_USERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        account = Account(user=found.pw_uid, group=found.pw_gid)
        if _may_pass(account, data):
            return account
    raise ClusterRefused(
        "PostgreSQL не работает от имени root, а сменить пользователя здесь нельзя: пространства имён закрыты, "
        f"и папка {data} недоступна пользователям {' и '.join(SPARE_USERS)}. "
        "Запустите программу от обычного пользователя или укажите адрес готового сервера в DATABASE_URL."
    )


def _may_pass(account: Account, data: Path) -> bool:
    """Let the account walk through our own data folder, and say whether it gets there; folders above stay as they are.

    What lies in it is for the owner alone, so walking through opens nothing.
    """
    mode = data.stat().st_mode
    data.chmod(mode | 0o011)
    if account.run("test", "-x", str(data)).returncode == 0:
        return True
    data.chmod(mode)
    return False


def _name(user: int | None) -> str:
    try:
        return pwd.getpwuid(user or 0).pw_name
    except KeyError:
        return str(user)
