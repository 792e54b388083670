"""Reading the word lists of ``data/``: UTF-8, «#» opens a comment, «[name]» a section."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def lines(file: str) -> list[str]:
    """Return the lines that say something."""
    text = (DATA / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def sections(file: str) -> dict[str, list[str]]:
    """Return the words of every section, in the order of the file."""
    found: dict[str, list[str]] = {}
    for line in lines(file):
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [])
        else:
            words.extend(line.split())
    return found
