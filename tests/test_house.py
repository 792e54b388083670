"""Promises of the whole house, tested once over everything that exists."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from opora.shared.functions import InstallFunction, digest_of
from opora.shared.sql import text

ROOT = Path(__file__).resolve().parent.parent
OPORA = ROOT / "opora"


def floors() -> dict[str, int]:
    """Read the stairs of pyproject.toml: room → floor, the ground is 0."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    found = {}
    for height, layer in enumerate(reversed(contract["layers"])):
        for name in layer.replace("(", "").replace(")", "").split("|"):
            found[name.strip().removeprefix("opora.")] = height
    return found


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("opora.")]


def foreign_keys_between_rooms() -> Iterator[tuple[type[models.Model], models.ForeignKey, str, str]]:
    for model in own_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                here, there = model._meta.app_label, field.related_model._meta.app_label
                if here != there and field.related_model.__module__.startswith("opora."):
                    yield model, field, here, there


def test_every_room_stands_on_a_floor() -> None:
    rooms = {path.parent.name for path in OPORA.glob("*/__init__.py")}
    assert rooms <= set(floors()), "a room is missing from the layers in pyproject.toml"


def test_every_room_has_a_door_plate() -> None:
    for init in OPORA.glob("*/__init__.py"):
        assert init.read_text().startswith('"""'), f"{init.parent.name} has no docstring on its door"


def test_every_module_can_be_imported() -> None:
    """Those as well that only a command or a schedule asks for."""
    for path in [*OPORA.rglob("*.py"), *(ROOT / "config").rglob("*.py")]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not {"migrations", "tests", "__main__"} & set(parts):
            import_module(".".join(parts).removesuffix(".__init__"))


def test_foreign_keys_go_down_the_stairs() -> None:
    floor = floors()
    for model, field, here, there in foreign_keys_between_rooms():
        assert floor[there] < floor[here], f"{model.__name__}.{field.name} climbs"


def test_nothing_of_the_house_cascades_between_rooms() -> None:
    for model, field, _, _ in foreign_keys_between_rooms():
        cascades = field.remote_field.on_delete is models.CASCADE
        assert not cascades, f"{model.__name__}.{field.name} would vanish with a row of another room"


def test_no_migration_is_missing(db: None) -> None:
    rooms = [config.label for config in apps.get_app_configs() if config.name.startswith("opora.")]
    call_command("makemigrations", *rooms, check_changes=True, dry_run=True, verbosity=0)


def test_every_sql_file_has_a_reader() -> None:
    words = {word for path in OPORA.rglob("*.py") for word in re.findall(r"\w+", path.read_text())}
    for path in OPORA.rglob("*.sql"):
        assert set(re.findall(r"\w+", path.stem)) <= words, f"nobody reads {path.relative_to(ROOT)}"


def test_every_function_of_a_file_is_installed_as_it_stands_there() -> None:
    newest = {}
    for (room, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        installs = [one for one in migration.operations if isinstance(one, InstallFunction)]
        newest |= {one.path: (one.digest, f"{room}.{name}") for one in installs}
    for path in (path for path in OPORA.rglob("*.sql") if text(path).startswith("CREATE OR REPLACE FUNCTION")):
        digest, by = newest[path]
        assert digest == digest_of(path), f"{path.relative_to(ROOT)} is newer than {by}: add a migration"


def test_every_sql_file_says_its_cost() -> None:
    for path in OPORA.rglob("*.sql"):
        assert path.read_text().startswith("--"), f"{path.relative_to(ROOT)} has no header"


def test_files_stay_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*OPORA.rglob("*.py"), *(ROOT / "config").rglob("*.py")]
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 450
    }
    assert not long


def test_the_repository_names_no_registry_and_no_machine() -> None:
    words = re.compile(r"(pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian\.org)", re.IGNORECASE)
    suffixes = {".py", ".toml", ".md", ".lock", ".json", ".sh", ".yml", ".txt", ""}
    for path in tracked_files():
        if path.suffix in suffixes and path.stat().st_size < 2_000_000 and path.name != Path(__file__).name:
            assert not words.search(path.read_text(errors="ignore")), path.relative_to(ROOT)


def tracked_files() -> list[Path]:
    import subprocess

    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in found.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_append_only_tables_refuse_even_truncate(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, bool_or(t.tgname LIKE 'pgtrigger_keep_all%')"
            "  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT c.relispartition GROUP BY 1 HAVING bool_or(t.tgname LIKE 'pgtrigger_append_only%')"
        )
        guarded = dict(cursor.fetchall())
    assert {"audit_auditline", "insured_personchange", "deadlines_pack"} <= set(guarded)
    assert all(guarded.values()), guarded


HEAVY = {"PIL", "docx", "fontTools", "fpdf", "numpy", "ortools", "pandas", "xlsxwriter", "xlwt"}


def test_links_beside_an_appeal_have_keys_of_their_own() -> None:
    from opora.appeals.acting import ACTS

    taken = {act.key for act in ACTS.values()} | {"P", "U"}  # and those of the card itself
    found = 0
    for file in OPORA.rglob("*.py"):
        for key in set(re.findall(r'Beside\([^\n]+, "[a-z-]+", "(\w)"', file.read_text(encoding="utf-8"))):
            assert key not in taken, f"{file.name}: {key} opens something else already"
            taken.add(key)
            found += 1
    assert found >= 5


def test_a_start_loads_no_heavy_library():
    """Every command, worker and web process pays for what the house imports: a writer of files loads its own."""
    code = "import django, sys; django.setup(); import config.urls; print(*sys.modules)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert not HEAVY & {name.partition(".")[0] for name in said.stdout.split()}
