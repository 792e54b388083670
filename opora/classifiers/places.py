"""Where in a JSON text a value stands, so that a refusal can name the line. Pure."""

import re
from collections.abc import Sequence

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """Return the line where the value at ``path`` begins, or that of the nearest container that exists.

    >>> line_of('{"topics": [\\n {"code": "1"},\\n {"code": "2"}]}', ["topics", 1, "code"])
    3
    """
    wanted, found = [str(step) for step in path], None
    here: list[str] = []
    kinds: list[str] = []
    line, read = 1, 0
    after_key = True
    for token in TOKEN.finditer(text):
        line += text.count("\n", read, token.start())
        read = token.start()
        word = token.group()
        if word == ",":
            if kinds and kinds[-1] == "[":
                here[-1] = str(int(here[-1]) + 1)
            after_key = bool(kinds) and kinds[-1] == "["
        elif word == ":":
            after_key = True
        elif word in "]}":
            kinds.pop()
            here.pop()
        elif not after_key:
            here[-1] = word[1:-1]
        else:
            if here == wanted[: len(here)]:
                found = line
            if word in "[{":
                kinds.append(word)
                here.append("0" if word == "[" else "")
                after_key = word == "["
    return found
