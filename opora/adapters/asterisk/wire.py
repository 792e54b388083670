"""The line protocol of AMI: blocks of ``Name: value`` lines, an empty line ends a block."""

from collections.abc import Iterator

type Block = dict[str, str]

END = b"\r\n\r\n"
LONGEST = 1 << 20  # bytes of one block; the exchange writes some hundreds


class Torn(Exception):
    """What came is not AMI."""


class Blocks:
    """Bytes in any pieces in, whole blocks out.

    >>> blocks = Blocks()
    >>> list(blocks.feed(b"Asterisk Call Manager/11.0.0\\r\\nResponse: Succ"))
    []
    >>> list(blocks.feed(b"ess\\r\\n\\r\\nEvent: Hangup\\r\\n"))
    [{'Response': 'Success'}]
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Block]:
        """Yield the blocks that are whole now. Raises Torn."""
        *whole, self._rest = (self._rest + data).split(END)
        if len(self._rest) > LONGEST:
            raise Torn
        for text in whole:
            yield block(text)


def block(text: bytes) -> Block:
    """Read one block; a name said again keeps its first value, a line without a name (the greeting) is left out."""
    read: Block = {}
    for line in text.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            read.setdefault(name, value.strip())
    return read


def action(name: str, fields: dict[str, str]) -> bytes:
    """Write an action. Raises ValueError for a value with the end of a line in it: it would become another action."""
    lines = [f"Action: {name}"]
    for field, value in fields.items():
        if "\r" in value or "\n" in value:
            raise ValueError(field)
        lines.append(f"{field}: {value}")
    return ("\r\n".join(lines)).encode() + END
