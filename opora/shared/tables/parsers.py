"""Parsers for XML of strangers: no DTD, no entities, no network, no tree without a bound."""

from typing import Any, Literal

from lxml import etree

WARY: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def whole() -> Any:
    """Return a parser for a document that is read at once."""
    return etree.XMLParser(**WARY)


def piece_by_piece(
    *events: Literal["start", "end"], tag: str | tuple[str, ...] | None = None, recover: bool = False
) -> Any:
    """Return a parser that is fed; with ``recover`` it says what it can of a torn piece."""
    return etree.XMLPullParser(events=events, tag=tag, recover=recover, **WARY)
