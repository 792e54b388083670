"""The running exchange: ``with Server(lines=…, agents=…) as pbx: … pbx.layout.ports.ami`` — nothing is left behind."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from opora.adapters.pbxhouse import bring
from opora.adapters.pbxhouse.errors import PbxhouseRefused
from opora.adapters.pbxhouse.layout import LOOPBACK, Agent, Layout, Line, Ports
from opora.shared.postgres import ClusterRefused
from opora.shared.postgres.account import Account, choose

PATIENCE = 30.0  # of a loaded machine
RTP = 200


class Server:
    """An exchange on this machine. Killed and started anew it keeps its ports, passwords and logs."""

    def __init__(
        self, *, lines: Sequence[Line], agents: Sequence[Agent], folder: Path | None = None, silence: int = 30
    ) -> None:
        self._own = folder is None
        self._folder = folder or Path(tempfile.mkdtemp(prefix="opora-asterisk-"))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)  # passwords and voices
        self.process: subprocess.Popen[bytes] | None = None
        ports = Ports(
            sip=free_port(udp=True),
            http=free_port(),
            ami=free_port(),
            rtp=free_range(),
            trunk=free_port(),
            wss=free_port(),
        )
        self.layout = Layout(self._folder, bring.ensure(), ports, lines, agents, silence)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._own:
            shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start, and return when calls are taken. Raises PbxhouseRefused."""
        self.layout.write()
        account = self._account()
        for path in (self._folder, *self._folder.rglob("*")):
            if not path.is_symlink():
                account.give(path)
        # Whatever becomes of us, it does not stay.
        leash = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        command = [*leash, *self.layout.programs.asterisk, "-C", str(self.layout.configuration), "-f", "-n"]
        with (self._folder / "said.txt").open("ab") as log:
            self.process = account.launch(*command, log=log)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                said = (self._folder / "said.txt").read_text(errors="replace").strip().splitlines()
                self.kill()
                raise PbxhouseRefused(f"Asterisk не поднялся: {said[-1] if said else 'ничего не сказал'}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, the calls with it; returns when it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._wait()

    def kill(self) -> None:
        """Kill it outright, as a loss of power would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        self._wait()

    def _wait(self) -> None:
        if self.process is not None:
            self.process.wait(PATIENCE)
            self.process = None

    def _account(self) -> Account:
        try:
            return choose(self._folder, self._folder / "none")
        except ClusterRefused as refused:
            raise PbxhouseRefused(
                "Asterisk не запускают от имени root, а сменить пользователя здесь нельзя: "
                "запустите проверки от обычного пользователя."
            ) from refused

    def _answers(self) -> bool:
        """Whether it has read all of its settings: AMI says so to whoever signs in."""
        try:
            with socket.create_connection((LOOPBACK, self.layout.ports.ami), timeout=2) as link:
                link.sendall(
                    b"Action: Login\r\nUsername: opora\r\nEvents: on\r\nSecret: %s\r\n\r\n"
                    % self.layout.ami_secret.encode()
                )
                with link.makefile("rb") as said:
                    for line in said:
                        if line.startswith(b"Event: FullyBooted"):
                            return True
                        if line.startswith(b"Response: Error"):
                            return False
        except OSError:
            return False
        return False


def free_port(*, udp: bool = False) -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def free_range() -> int:
    """Return the first of ports for voice: even, with room above and below the ports a system gives by itself."""
    return 10_000 + (free_port() % 50) * RTP
