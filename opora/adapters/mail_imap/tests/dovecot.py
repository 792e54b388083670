"""A real Dovecot on loopback for one run of tests: maildirs in a folder, one password, no root.

It is the one on PATH, else the packages ``tools/dovecot.sh`` has unpacked.
"""

from __future__ import annotations

import grp
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4
from pathlib import Path

NOBODY = 65534
PASSWORD = "box-2026"
CONFIG = """
base_dir = {here}/run
state_dir = {here}/state
log_path = {here}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{here}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={here}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """Where it answers and where letters lie."""

    port: int
    folder: Path
    owner: tuple[str, str]

    def put(self, login: str, raw: bytes) -> None:
        """Deliver a letter as a mail server does: written aside, then renamed into the folder."""
        with IMAP4("127.0.0.1", self.port, timeout=10) as box:
            box.login(login, PASSWORD)
            box.append("INBOX", "", "", raw)

    def forget(self, login: str) -> None:
        """Make the mailbox anew: it has another UIDVALIDITY."""
        shutil.rmtree(self.folder / "mail" / login, ignore_errors=True)


def place() -> tuple[Path, Path | None] | None:
    """Return the program and, for unpacked packages, their folder ``usr``; None — it is not there."""
    on_path = shutil.which("dovecot")
    if on_path:
        return Path(on_path), None
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    unpacked = cache / "opora" / "dovecot" / "usr"
    is_there = (unpacked / "sbin" / "dovecot").exists()
    return (Path("/usr/sbin/dovecot"), unpacked) if is_there else None


@contextmanager
def running(here: Path) -> Iterator[Dovecot]:
    """Keep Dovecot up in a folder of its own."""
    found = place()
    assert found is not None
    program, unpacked = found
    if unpacked is not None:  # nobody cannot look into the home of root
        shutil.copytree(unpacked, here / "usr", symlinks=True)
        unpacked = here / "usr"
    port = _free_port()
    uid = os.getuid() or NOBODY
    user = pwd.getpwuid(uid).pw_name
    group = grp.getgrgid(pwd.getpwuid(uid).pw_gid).gr_name
    for name in ("run", "state", "mail"):
        (here / name).mkdir()
    config = here / "dovecot.conf"
    config.write_text(CONFIG.format(here=here, user=user, group=group, port=port, password=PASSWORD))
    if not os.getuid():
        subprocess.run(["chown", "-R", f"{user}:{group}", here], check=True)
    process = subprocess.Popen(
        _command(program, config, unpacked),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process, here)
        yield Dovecot(port, here, (user, group))
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes], here: Path) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            with IMAP4("127.0.0.1", port, timeout=2):
                return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    log = here / "log"
    raise RuntimeError(f"Dovecot does not answer: {log.read_text()[-2000:] if log.exists() else 'no log'}")


def _command(program: Path, config: Path, unpacked: Path | None) -> list[str]:
    """Unpacked, the program looks for its parts under /usr: it sees them there, laid over for itself alone."""
    start = [str(program), "-F", "-c", str(config)]
    is_root = not os.getuid()
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if is_root else []
    if unpacked is None:
        return [*as_nobody, *start]
    own = [] if is_root else ["unshare", "-U", f"--map-user={os.getuid()}", f"--map-group={os.getgid()}"]
    lay_over = f"mount -t overlay overlay -o lowerdir={unpacked}:/usr /usr && exec "
    return ["unshare", "-m" if is_root else "-rm", "sh", "-c", lay_over + shlex.join([*as_nobody, *own, *start])]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
