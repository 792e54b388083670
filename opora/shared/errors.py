"""Refusals in words a person can read: the docstring of the class is the sentence."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Не получилось."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "domain_error"

    def __init_subclass__(cls, *, status: int | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if status is not None:
            cls.status = status
        cls.code = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")

    def __init__(self, sentence: str | None = None, **details: Any) -> None:
        self.sentence = sentence or " ".join((type(self).__doc__ or "").split())
        self.details = details
        super().__init__(self.sentence)
