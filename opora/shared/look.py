"""How one person wants the pages to look: kept in a cookie, written on <html> by the server, so nothing flashes."""

from dataclasses import dataclass, replace
from typing import Self

from django.http import HttpRequest, HttpResponseBase, QueryDict

COOKIE = "look"
A_YEAR = 365 * 24 * 3600
THEMES = {"auto": "Как в системе", "light": "Светлая", "dark": "Тёмная", "low-vision": "Для слабовидящих"}
SIZES = {"1": "Крупный", "2": "Очень крупный", "3": "Самый крупный"}
SPACINGS = {"0": "Обычный", "1": "Увеличенный", "2": "Большой"}
COLOURS = {"black-on-white": "Чёрным по белому", "white-on-black": "Белым по чёрному"}
ALLOWED = {"theme": THEMES, "size": SIZES, "spacing": SPACINGS, "colours": COLOURS}


@dataclass(frozen=True, slots=True)
class Look:
    """The choice; ``size``, ``spacing`` and ``colours`` matter in the low-vision version only (ГОСТ Р 52872)."""

    theme: str = "auto"
    size: str = "1"
    spacing: str = "0"
    colours: str = "black-on-white"

    @classmethod
    def read(cls, cookie: str) -> Self:
        """Return the look a cookie names; what it does not understand stays as by default.

        >>> Look.read("dark.1.0.black-on-white").theme
        'dark'
        >>> Look.read("purple").theme
        'auto'
        """
        return cls()._with(dict(zip(ALLOWED, cookie.split("."), strict=False)))

    def chosen(self, choice: QueryDict) -> Self:
        """Return the look after a press in the person menu."""
        return self._with({name: str(choice[name]) for name in ALLOWED if name in choice})

    def _with(self, values: dict[str, str]) -> Self:
        return replace(self, **{name: value for name, value in values.items() if value in ALLOWED[name]})

    @property
    def is_low_vision(self) -> bool:
        return self.theme == "low-vision"

    def __str__(self) -> str:
        return f"{self.theme}.{self.size}.{self.spacing}.{self.colours}"


def look_of(request: HttpRequest) -> Look:
    return Look.read(request.COOKIES.get(COOKIE, ""))


def remember(response: HttpResponseBase, look: Look, *, secure: bool) -> None:
    response.set_cookie(COOKIE, str(look), max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)
