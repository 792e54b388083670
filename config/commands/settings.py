"""``opora settings`` — every setting, what it is now, and the page of the documentation."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from config import environment
from config.environment import Environment, variable
from opora.shared.console import print_json

SECRETS = ("secret", "url")
HEAD = """# Settings

Every setting is an environment variable; `opora settings --markdown` writes this page from `config/environment.py`.
An unknown `OPORA_…` name refuses to start, so a misspelt one cannot pass unnoticed. In `production` unsafe values
refuse too.

| variable | values | default | meaning |
|---|---|---|---|
"""


def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="Страница документации docs/settings.md.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Один документ JSON.")] = False,
) -> None:
    """Показать настройки: какие есть и чему равны."""
    if markdown:
        print(page(), end="")
        return
    current = environment.read()
    values = {variable(name): shown(name, current) for name in Environment.model_fields}
    if as_json:
        print_json(values)
        return
    table = Table("настройка", "значение", "что это")
    for name, field in Environment.model_fields.items():
        table.add_row(variable(name), values[variable(name)], field.description)
    Console().print(table)


def shown(name: str, current: Environment) -> str:
    """Return the value as it may be shown: a secret only as set or not set."""
    value = str(getattr(current, name))
    if value and any(word in name for word in SECRETS) and name != "oidc_url":
        return "задано" if value != environment.UNSAFE_SECRET else "не задано"
    return value


def page() -> str:
    """Return docs/settings.md."""
    rows = []
    for name, schema in Environment.model_json_schema()["properties"].items():
        default = (
            "—" if schema.get("default") in ("", None, environment.UNSAFE_SECRET) else f"`{_plain(schema['default'])}`"
        )
        rows.append(f"| `{variable(name)}` | {_values(schema)} | {default} | {schema['description']} |")
    return HEAD + "\n".join(rows) + "\n"


def _values(schema: dict[str, object]) -> str:
    choice = schema.get("enum")
    if isinstance(choice, list):
        return " · ".join(f"`{value}`" for value in choice)
    kind = {"boolean": "`true` · `false`", "integer": "whole number", "string": "text"}[str(schema["type"])]
    if "minimum" in schema and "maximum" in schema:
        return f"{kind}, {schema['minimum']} to {schema['maximum']}"
    return "folder" if schema.get("format") == "path" else kind


def _plain(value: object) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else str(value)
        if not isinstance(value, Path)
        else value.as_posix()
    )
