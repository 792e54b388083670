"""Octets of a letter as words: wrong charsets, HTML made plain, headers of any clumsiness. Pure."""

from __future__ import annotations

import re
from email.header import decode_header
from email.message import Message
from html.parser import HTMLParser

LONGEST_HTML = 2_000_000
_SILENT = {"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "ul", "ol", "hr", "pre"}
_GUESSES = ("utf-8", "cp1251")


def decoded(octets: bytes, charset: str = "") -> str:
    """Return octets as text: by the charset they claim, else UTF-8, else the Russian page of Windows.

    >>> decoded("Полис".encode("cp1251"), "us-ascii"), decoded("Полис".encode("koi8-r"), "koi8-r")
    ('Полис', 'Полис')
    """
    for name in (charset, *_GUESSES):
        try:
            return octets.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return octets.decode("utf-8", "replace")


def header(letter: Message, name: str) -> str:
    """Return a header as one line of text, «» when it is not there; what cannot be decoded is guessed."""
    raw = letter.get(name)
    return unfolded(raw) if raw is not None else ""


def unfolded(raw: object) -> str:
    """Return an encoded header as text.

    >>> unfolded("=?koi8-r?B?8M/MydM=?= 1"), unfolded("=?no-such?Q?abc?=")
    ('Полис 1', 'abc')
    """
    try:
        parts = decode_header(str(raw) if not isinstance(raw, str) else raw)
    except Exception:  # any clumsiness of a stranger: the header is shown as it came
        return " ".join(str(raw).split())
    text = "".join(_part(octets, charset) for octets, charset in parts)
    return " ".join(text.split())


def _part(octets: bytes | str, charset: str | None) -> str:
    if isinstance(octets, str):
        octets = octets.encode("utf-8", "surrogateescape")
    return decoded(octets, charset or "")


def plain(html: str) -> str:
    """Return the words of an HTML page; what is not words is not kept.

    >>> plain("<p>Добрый <b>день</b></p><script>alert(1)</script><br>Иван &amp; Ко")
    'Добрый день\\n\\nИван & Ко'
    """
    reader = _Reader()
    reader.feed(html[:LONGEST_HTML])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data.replace("\n", " "))
