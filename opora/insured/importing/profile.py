"""How one partner writes: headings, order of dates, codes, separator. Data, not code (``docs/formats/insured.md``)."""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from opora.insured.importing.errors import ProfileNotUnderstood
from opora.insured.importing.layout import column_of


class Profile(BaseModel):
    """What differs from our own format. An empty profile is the format itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    columns: dict[str, str] = Field(default_factory=dict)  # their heading → our column
    ignore: list[str] = Field(default_factory=list)  # headings we knowingly do not load
    values: dict[str, dict[str, str]] = Field(default_factory=dict)  # our column → {their code: our code}
    defaults: dict[str, str] = Field(default_factory=dict)  # our column → value for a blank cell
    dates: Literal["", "dmy", "mdy"] = ""
    delimiter: Literal["", ";", ",", "\t", "|"] = ""
    encoding: Literal["", "utf-8", "utf-16", "cp1251"] = ""
    record: str = "person"  # tag of a record in XML

    def model_post_init(self, context: object) -> None:
        for column in (*self.columns.values(), *self.values, *self.defaults):
            if column_of(column) is None:
                raise ValueError(f"колонки «{column}» в формате нет")


def read_profile(path: Path) -> Profile:
    """Return the profile written in a JSON file. Raises ProfileNotUnderstood."""
    try:
        return parse_profile(json.loads(path.read_text(encoding="utf-8-sig")), name=path.stem)
    except OSError as fault:
        raise ProfileNotUnderstood(f"Профиль {path.name} не открывается: {fault.strerror}.") from fault
    except ValueError as fault:
        raise ProfileNotUnderstood(f"Профиль {path.name} — не JSON в UTF-8.") from fault


def parse_profile(rules: object, *, name: str) -> Profile:
    """Return a profile from its data. Raises ProfileNotUnderstood with the field at fault."""
    try:
        return Profile.model_validate({"name": name, **rules} if isinstance(rules, dict) else rules)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(map(str, first["loc"])) or "профиль"
        reason = first["msg"].removeprefix("Value error, ")
        raise ProfileNotUnderstood(f"Профиль «{name}», {place}: {reason}") from fault
