"""Bring Asterisk and sipp: Debian packages, checked by apt against the archive's own keys, unpacked and not installed.

``python -m opora.adapters.pbxhouse`` — 39 packages of 27 MB once, a moment afterwards. Nothing is written outside the
cache folder (``$XDG_CACHE_HOME/opora/asterisk``), no service appears. Debian stable has no Asterisk: it comes from sid
together with its own C library, so the programs run on any Linux of the same architecture.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from opora.adapters.pbxhouse.errors import PbxhouseRefused

SUITE = "sid"
KEYRINGS = ("/usr/share/keyrings/debian-archive-keyring.pgp", "/usr/share/keyrings/debian-archive-keyring.gpg")
WANTED = ("asterisk", "asterisk-modules", "asterisk-core-sounds-ru-gsm", "sip-tester")
# Of two dozen libraries of all modules those of the modules we load; scripts around the packages are not run at all.
ONLY = {"asterisk-modules": ("libgsm", "libsrtp", "libopus0")}
NEVER = ("adduser", "asterisk-", "debconf", "dpkg", "gcc-", "perl", "python3", "libgcc-", "openssl-provider-legacy")
NEVER_BUT = ("libgcc-s",)
PATIENCE = 300  # seconds for one call of apt


@dataclass(frozen=True, slots=True)
class Programs:
    """What was brought: ``root`` looks like the root of a Debian."""

    root: Path

    @property
    def libraries(self) -> Path:
        return self._loader.parent

    @property
    def modules(self) -> Path:
        return self.libraries / "asterisk" / "modules"

    @property
    def data(self) -> Path:
        return self.root / "usr" / "share" / "asterisk"

    @property
    def sounds(self) -> Path:
        return next((self.data / "sounds").glob("ru_*"))

    @property
    def asterisk(self) -> list[str]:
        """The command of the exchange."""
        return self._started("usr/sbin/asterisk")

    @property
    def sipp(self) -> list[str]:
        """The command of the callers."""
        return self._started("usr/bin/sipp")

    @property
    def _loader(self) -> Path:
        return next(self.root.glob("usr/lib/*-linux-gnu/ld-linux-*.so.*"))

    def _started(self, program: str) -> list[str]:
        return [str(self._loader), "--library-path", str(self.libraries), str(self.root / program)]


def cache() -> Path:
    """Return the folder of what is brought once for all copies of the project."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "opora" / "asterisk"


def found() -> Programs | None:
    """Return the programs when they are there already."""
    root = cache() / "root"
    return Programs(root) if root.is_dir() else None


def ensure() -> Programs:
    """Return the programs, brought now when they are not there. Raises PbxhouseRefused with a sentence."""
    if programs := found():
        return programs
    folder = cache()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "making").open("w") as making:
        fcntl.flock(making, fcntl.LOCK_EX)
        return found() or _bring(folder)


def _bring(folder: Path) -> Programs:
    for program in ("apt-get", "apt-cache", "dpkg-deb"):
        if not shutil.which(program):
            raise PbxhouseRefused(f"Нет {program}: Asterisk для проверок берут из пакетов Debian, нужна Debian.")
    keyring = next((path for path in KEYRINGS if Path(path).exists()), None)
    if keyring is None:
        raise PbxhouseRefused("Нет ключей архива Debian: apt-get install debian-archive-keyring")
    with _scratch(folder) as scratch:
        apt = _settings(scratch, keyring)
        _run(["apt-get", *apt, "-qq", "update"], scratch)
        names = _closure(apt, scratch)
        packages = scratch / "packages"
        packages.mkdir()
        _run(["apt-get", *apt, "-qq", "download", *sorted(names)], packages)
        root = scratch / "root"
        for package in sorted(packages.glob("*.deb")):
            _run(["dpkg-deb", "--extract", str(package), str(root)], scratch)
        said = _run([*Programs(root).asterisk, "-V"], scratch)
        if not said.startswith("Asterisk"):
            raise PbxhouseRefused(f"Asterisk из пакетов здесь не запускается: {said[:200]}")
        root.rename(folder / "root")
    return Programs(folder / "root")


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    scratch = folder / "new"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _settings(scratch: Path, keyring: str) -> list[str]:
    """Return the options of an apt that knows one signed archive and none of this machine's packages."""
    for name in ("lists/partial", "cache/archives/partial", "parts"):
        (scratch / name).mkdir(parents=True)
    (scratch / "status").touch()
    (scratch / "sources.list").write_text(f"deb [signed-by={keyring}] {_archive()} {SUITE} main\n")
    options = {
        "Dir::Etc::SourceList": scratch / "sources.list",
        "Dir::Etc::SourceParts": scratch / "parts",
        "Dir::Etc::PreferencesParts": scratch / "parts",
        "Dir::State::Lists": scratch / "lists",
        "Dir::State::status": scratch / "status",
        "Dir::Cache": scratch / "cache",
        "Acquire::Languages": "none",
        "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
        "APT::Sandbox::User": "root",
        "APT::Get::AllowUnauthenticated": "false",
    }
    return [part for name, value in options.items() for part in ("-o", f"{name}={value}")]


def _archive() -> str:
    """Return the archive this machine takes Debian from. Raises PbxhouseRefused when it knows none."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True, check=False
    )
    found = next((line for line in told.stdout.split() if re.fullmatch(r"https?://.+/debian/?", line)), None)
    if found is None:
        raise PbxhouseRefused("apt этой машины не знает архива Debian: назовите его в /etc/apt/sources.list.d.")
    return found


def _closure(apt: list[str], scratch: Path) -> set[str]:
    """Return the packages the programs need to run, by the dependencies the archive names."""
    known: set[str] = set()
    asked = set(WANTED)
    while asked:
        known |= asked
        told = _run(["apt-cache", *apt, "show", "--no-all-versions", *sorted(asked)], scratch)
        asked = {name for package in told.split("\n\n") for name in _needed(package)} - known
    return known


def _needed(package: str) -> Iterator[str]:
    fields = dict(line.split(": ", 1) for line in package.splitlines() if ": " in line and not line.startswith(" "))
    only = ONLY.get(fields.get("Package", ""))
    for wish in filter(None, re.split(r",\s*", ", ".join(fields.get(name, "") for name in ("Depends", "Pre-Depends")))):
        name = re.split(r"[\s:|(]", wish, maxsplit=1)[0]
        if name.startswith(NEVER) and not name.startswith(NEVER_BUT):
            continue
        if only is None or name.startswith(only):
            yield name


def _run(command: list[str], folder: Path) -> str:
    """Run a program and return what it said. Raises PbxhouseRefused with the last line of its complaint."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
        )
    except subprocess.TimeoutExpired as fault:
        raise PbxhouseRefused(f"Архив Debian не ответил за {PATIENCE} секунд.") from fault
    if done.returncode:
        complaint = (done.stderr.strip() or "без объяснений").splitlines()[-1]
        raise PbxhouseRefused(f"Asterisk для проверок не получить: {command[0]} — {complaint[:200]}")
    return done.stdout
