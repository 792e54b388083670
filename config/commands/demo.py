"""``opora demo`` — everything at once on one machine: database, schema, a small territory, web, worker, live news."""

import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from config.commands import schema
from config.commands.serve import Host, Port, refuse_taken
from opora.shared.console import data_folder, with_database
from opora.shared.postgres import ClusterRefused
from opora.shared.postgres.folder import write_whole

if TYPE_CHECKING:
    from opora.simulation.demo import Login

PATIENCE_TO_START = 60
PATIENCE_TO_END = 20
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
PBX = "demo"
LIVE_REST = 1.0  # seconds before the stream is started again


@dataclass(frozen=True, slots=True)
class DemoPorts:
    """Where the outside world of the demonstration listens."""

    sms: int
    mail: int
    returns: int
    pos: int


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    scale: Annotated[float, typer.Option(help="Во сколько раз больше людей, чем обычно.", min=0.01)] = 1.0,
    telephony: Annotated[bool, typer.Option("--telephony", help="И настоящая АТС: Asterisk, граждане звонят.")] = False,
) -> None:
    """Поднять всё сразу: свою базу, небольшую территорию, веб и фоновые задания."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)  # a shell starts its background jobs with it ignored
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _end)
    refuse_taken(host, port)
    os.environ.setdefault("OPORA_MODE", "demo")
    os.environ.setdefault("OPORA_SECRET_KEY", _secret_key(data_folder()))
    say = Console(stderr=True)
    with with_database(), ExitStack() as afterwards:
        with say.status("Готовим базу"):
            schema.bring_up_to_date()
        ports = DemoPorts(*(_port_beside(host, port + n) for n in (1, 2, 3, 4)))
        with say.status("Заселяем территорию"):
            logins = _seed(scale, ports)
        address = f"http://{host}:{port}"
        live = _port_beside(host, port)
        os.environ["OPORA_LIVE_PORT"] = str(live)
        running: dict[str, subprocess.Popen[bytes]] = {}
        hearing = _exchange(running, afterwards) if telephony else {}  # before the page: it names the exchange
        running["web"] = _launch("web", ["serve", "--host", host, "--port", str(port)])
        afterwards.callback(_finish, running["web"])
        _wait_for(address, running)
        for name, arguments in {**_outside(ports), **hearing}.items():  # they take texts and send them nowhere
            running[name] = _launch(name, arguments)
            afterwards.callback(_finish, running[name])
        # After the page: starting together, the two would make the person wait for both.
        running["worker"] = _launch("worker", ["worker"])
        afterwards.callback(_finish, running["worker"])
        speaking = ["stream", "--host", host, "--port", str(live)]
        running["live"] = _launch("live", speaking)
        afterwards.callback(lambda: _finish(running["live"]))
        try:
            _introduce(address, logins, ports)
            _stay(running, speaking)
        except KeyboardInterrupt:
            print("  Заканчиваем.", file=sys.stderr)


def _seed(scale: float, ports: DemoPorts) -> Sequence["Login"]:
    from opora.simulation.demo import ensure_demo

    return ensure_demo(scale=scale, sms=ports.sms, mail=ports.mail, returns=ports.returns, pos=ports.pos)


def sent_folder() -> Path:
    """Return the folder where everything «sent» in the demonstration can be read."""
    return data_folder() / "sent"


def _outside(ports: DemoPorts) -> dict[str, list[str]]:
    """Return what stands for the outside world: a centre of SMS, a house of mail and Госуслуги on this machine."""
    from opora.simulation.demo_boxes import lay_letters

    sent, boxes = sent_folder(), data_folder() / "boxes"
    sent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lay_letters(boxes)
    mail = ["--port", str(ports.mail), "--imap-port", str(ports.returns), "--folder", str(sent / "mail")]
    mail += ["--boxes", str(boxes)]
    return {
        "smsc": ["smsc", "--port", str(ports.sms), "--readable", str(sent / "sms.txt")],
        "mail": ["mailhouse", *mail],
        "pos": ["poshouse", "--port", str(ports.pos), "--store", str(_letters())],
    }


def _letters() -> Path:
    """Return the file of the platform of feedback; the first time invented people write to it."""
    from opora.adapters.poshouse.platform import Platform
    from opora.simulation.demo_feedback import letters
    from opora.simulation.people.words import territories

    store = data_folder() / "pos.json"
    if not store.exists():
        platform = Platform(store)
        for letter in letters(territories()[0].okato):
            platform.write(letter)
    return store


def _exchange(running: dict[str, subprocess.Popen[bytes]], afterwards: ExitStack) -> dict[str, list[str]]:
    """Start the exchange and return who listens to it. The first time it is fetched: 27 MB."""
    from opora.adapters.pbxhouse import bring
    from opora.adapters.pbxhouse.commands import CLOSED_LINE, CONNECTION, OPEN_LINE, SECOND_LINE
    from opora.simulation.demo_telephony import ensure_lines, write_callers

    with Console(stderr=True).status("Поднимаем АТС"):
        bring.ensure()
        folder = data_folder() / "pbx"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        write_callers(folder / "callers.txt", operator="sp1")
        titles = {OPEN_LINE: "Горячая линия", CLOSED_LINE: "Линия сопровождения", SECOND_LINE: "Второй уровень"}
        house = ensure_lines(PBX, titles, second=SECOND_LINE, closed=CLOSED_LINE, operator="sp1")
        playing = ["pbxhouse", "--folder", str(folder), "--callers", str(folder / "callers.txt")]
        running["pbx"] = _launch("pbx", playing)
        afterwards.callback(_finish, running["pbx"])
        until = time.monotonic() + PATIENCE_TO_START
        while not (folder / CONNECTION).exists():
            _refuse_if_gone(running)
            if time.monotonic() > until:
                raise ClusterRefused(f"АТС не ответила за {PATIENCE_TO_START} секунд: {data_folder() / 'pbx.log'}")
            time.sleep(0.1)
    told = json.loads((folder / CONNECTION).read_text())
    secrets_of = Path(told["phones"])  # the fund has lines of the exchange too: whose its extensions are is said
    secrets_of.write_text("".join(f"{line} {house}\n" for line in secrets_of.read_text().splitlines()))
    os.environ["OPORA_PBX_NAME"] = PBX
    for name, value in told.items():
        os.environ[f"OPORA_PBX_{name.upper()}"] = value
    return {"listen": ["telephony", "listen"], "colleagues": ["simulate", "colleagues"]}


def _launch(name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start a part of the house as a process of its own, which leaves when we are killed; its log goes to a file."""
    with (data_folder() / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "config.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl+C reaches the whole group of the terminal; the parts are ended by us, in order.
            start_new_session=True,
            preexec_fn=_leave_with_parent if sys.platform == "linux" else None,
        )


def _leave_with_parent() -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _finish(part: subprocess.Popen[bytes]) -> None:
    if part.poll() is None:
        part.terminate()
    try:
        part.wait(PATIENCE_TO_END)
    except subprocess.TimeoutExpired:
        part.kill()
        part.wait()


def _wait_for(address: str, running: dict[str, subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + PATIENCE_TO_START
    while time.monotonic() < until:
        _refuse_if_gone(running)
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise ClusterRefused(f"Веб не ответил за {PATIENCE_TO_START} секунд. Его журнал: {data_folder() / 'web.log'}")


def _refuse_if_gone(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, part in running.items():
        if part.poll() is not None:
            raise ClusterRefused(f"Процесс {name} закрылся сам. Его журнал: {data_folder() / name}.log")


def _introduce(address: str, logins: Sequence["Login"], ports: DemoPorts) -> None:
    from opora.simulation.demo_boxes import BOXES
    from opora.simulation.demo_doors import code_to_look_at

    print(f"\n  Опора открыта: {address}\n", flush=True)
    if logins:
        table = Table("роль", "логин", "пароль", title="Войдите как", title_justify="left")
        for person in logins:
            table.add_row(person.role, person.login, person.password)
        Console().print(table)
    print(f"  Данные: {data_folder()}   Закончить: Ctrl+C", flush=True)
    print(f"  СМС и письма никуда не уходят. Прочитать их: {sent_folder()}", flush=True)
    print(f"  Письмо на {BOXES['sp1']} (SMTP 127.0.0.1:{ports.mail}) за минуту придёт во «Входящие».", flush=True)
    print(f"  Сайт для граждан: {address}/site/", flush=True)
    if shown := code_to_look_at():
        print(f"  «Что с моим обращением»: номер {shown.number}, код {shown.code}", flush=True)
    print(flush=True)


def _stay(running: dict[str, subprocess.Popen[bytes]], speaking: list[str]) -> None:
    while True:
        if running["live"].poll() is not None:  # pages manage without it for a while
            time.sleep(LIVE_REST)
            running["live"] = _launch("live", speaking)
        _refuse_if_gone({name: part for name, part in running.items() if name != "live"})
        time.sleep(0.5)


def _port_beside(host: str, port: int) -> int:
    """Return the port after that of the pages, or any free one when it is taken."""
    try:
        refuse_taken(host, min(port + 1, 65535))
    except ClusterRefused:
        with socket.socket() as free:
            free.bind(("", 0))
            return int(free.getsockname()[1])
    return port + 1


def _end(number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _secret_key(data: Path) -> str:
    """Return the key of this demonstration's sessions, made up once: the one for development is known to everybody."""
    file = data / "secret.key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(file, secrets.token_urlsafe(48))
    return file.read_text().strip()
