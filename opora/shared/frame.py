"""What every page knows: the look, the rail and who is signed in. A context processor; one query at most, and lazy."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from opora.shared import look, navigation, parts

SIGN_IN, SIGN_OUT = "account_login", "account_logout"


@dataclass(frozen=True)
class Who:
    """The person of the top bar."""

    name: str
    role: str = ""
    organisation: str = ""

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.replace(".", " ").split()[:2]).upper()


@dataclass
class Frame:
    """The surroundings of a page. Templates ask it lazily, so a fragment for htmx pays nothing."""

    request: HttpRequest

    @cached_property
    def who(self) -> Who | None:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        assignment = getattr(user, "assignment", None)
        if assignment is None:
            return Who(str(user))
        return Who(str(user), assignment.role.short_name, assignment.organisation.name)

    @cached_property
    def sections(self) -> list[navigation.Section]:
        return navigation.folded(self._sections("rail"), self.request.COOKIES.get(navigation.COOKIE))

    @cached_property
    def personal(self) -> list[navigation.Section]:
        return self._sections("person")

    @cached_property
    def search(self) -> navigation.Search | None:
        return navigation.search_for(self.request.user) if self.who else None  # type: ignore[arg-type]

    @property
    def top(self) -> tuple[str, ...]:
        return parts.top() if self.who else ()

    @property
    def scripts(self) -> tuple[str, ...]:
        return parts.scripts() if self.who else ()

    @property
    def styles(self) -> tuple[str, ...]:
        return parts.styles() if self.who else ()

    @property
    def sign_in_url(self) -> str:
        return _address(SIGN_IN)

    @property
    def sign_out_url(self) -> str:
        return _address(SIGN_OUT)

    def _sections(self, place: str) -> list[navigation.Section]:
        if not self.who:
            return []
        match = self.request.resolver_match
        return navigation.sections(self.request.user, view_name=match.view_name if match else "", place=place)  # type: ignore[arg-type]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    return {
        "frame": Frame(request),
        "look": look.look_of(request),
        "looks": look.ALLOWED,
    }


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
