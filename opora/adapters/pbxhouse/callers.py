"""People at telephones, played by sipp: a citizen who calls, an employee who answers. Numbers are invented."""

import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from opora.adapters.pbxhouse.layout import LOOPBACK, Layout

SCENARIOS = Path(__file__).parent / "scenarios"
VOICE_SECONDS = 2
LONGEST = 120  # seconds anybody lives who is not told otherwise


class Person:
    """One sipp. ``with Person(…) as citizen: citizen.wait()`` — gone at the end whatever happened."""

    def __init__(
        self, layout: Layout, scenario: str, *arguments: str, rings: float = 0.0, seconds: int | None = LONGEST
    ) -> None:
        self._afterwards = ExitStack()
        self._layout = layout
        # sipp takes no variable for this one pause.
        self._scenario = (SCENARIOS / f"{scenario}.xml").read_text().replace("@ring@", _ms(rings))
        self._arguments = arguments
        self._patience = ["-timeout", f"{seconds}s"] if seconds else []
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        folder = Path(self._afterwards.enter_context(tempfile.TemporaryDirectory(prefix="opora-sipp-")))
        voice = folder / "voice.alaw"
        voice.write_bytes(b"\xd5\x55" * (4000 * VOICE_SECONDS))
        scenario = folder / "scenario.xml"
        scenario.write_text(self._scenario)
        command = [*self._layout.programs.sipp, "-sf", str(scenario), "-i", LOOPBACK, "-mi", LOOPBACK]
        command += ["-nostdin", *self._patience, "-key", "voice", str(voice), *self._arguments]
        self.process = subprocess.Popen(
            [*command, f"{LOOPBACK}:{self._layout.ports.sip}"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self.process.wait()
        self._afterwards.close()

    def leave_if_over(self) -> bool:
        """Clear away after a talk that is over, and say whether it is."""
        if self.process is not None and self.process.poll() is None:
            return False
        self.__exit__()
        return True

    def wait(self, seconds: float = 30) -> bool:
        """Wait until the talk is over; say whether it went as the scenario tells."""
        return self.process is not None and self.process.wait(seconds) == 0


def citizen(layout: Layout, line: str, caller: str, *, seconds: float) -> Person:
    """A citizen who dials ``line`` and hangs up ``seconds`` after the exchange has answered."""
    return Person(layout, "citizen", "-m", "1", "-s", line, "-key", "caller", caller, "-d", _ms(seconds))


def rating_citizen(layout: Layout, line: str, caller: str, *, key: int, seconds: float) -> Person:
    """A citizen who presses ``key`` ``seconds`` after the exchange has answered and waits for it to hang up."""
    arguments = ("-key", "caller", caller, "-key", "pressed", str(key))
    return Person(layout, "rating", "-m", "1", "-s", line, *arguments, "-d", _ms(seconds))


def employee(
    layout: Layout, port: int, *, rings: float = 0.3, ends: float | None = None, seconds: int | None = LONGEST
) -> Person:
    """An employee at ``port`` who answers every call after ``rings`` seconds; she hangs up after ``ends`` or never.

    She stays for ``seconds``, or until the end.
    """
    scenario = "employee" if ends is None else "employee-ends"
    return Person(layout, scenario, "-p", str(port), "-d", _ms(ends or 0), rings=rings, seconds=seconds)


def _ms(seconds: float) -> str:
    return str(int(seconds * 1000))
