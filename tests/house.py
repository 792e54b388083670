"""What the whole house consists of: its addresses, for tests that walk over all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

NOBODY = {IntConverter: 987_654_321, UUIDConverter: UUID(int=0), SlugConverter: "no-such", StringConverter: "no-such"}


@dataclass(frozen=True)
class Address:
    """One URL pattern. ``right`` is what its view declares: a right, ``signed-in``, ``public`` or None."""

    route: str
    name: str
    view: Any
    converters: dict[str, Any]

    @property
    def right(self) -> str | None:
        return getattr(self.view, "right", None)

    @property
    def is_plain(self) -> bool:
        return not self.converters

    def path(self, **values: Any) -> str:
        """Return the path with ``values``; those not given name nothing that exists."""
        path = self.route
        for name, converter in self.converters.items():
            value = values.get(name, NOBODY.get(type(converter), "no-such"))
            for spelling in (f"<{_kind(converter)}:{name}>", f"<{name}>"):
                path = path.replace(spelling, converter.to_url(value))
        return "/" + path

    def __str__(self) -> str:
        return self.route or "/"


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Address]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, route, inner)
        elif isinstance(entry, URLPattern):
            yield Address(route, namespace + (entry.name or ""), entry.callback, _converters(entry))


def _converters(entry: URLPattern) -> dict[str, Any]:
    return dict(getattr(entry.pattern, "converters", {}))


def _kind(converter: Any) -> str:
    kinds = {IntConverter: "int", UUIDConverter: "uuid", SlugConverter: "slug", StringConverter: "str"}
    return kinds.get(type(converter), "str")
