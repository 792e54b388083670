"""Migrations draw the models they touch; a step that needs the others finds all of them drawn anew."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.state import ModelState, ProjectState

from config.commands.drawing import only_what_is_touched

pytestmark = pytest.mark.django_db


def key() -> tuple[str, Any]:
    return "id", models.BigAutoField(primary_key=True)


def of(model: str) -> Any:
    return models.ForeignKey(f"rooms.{model}", models.PROTECT)


@pytest.fixture
def state() -> ProjectState:
    """A house has rooms, a room has chairs; all are drawn."""
    state = ProjectState()
    state.add_model(ModelState("rooms", "House", [key(), ("name", models.TextField())]))
    state.add_model(ModelState("rooms", "Room", [key(), ("house", of("House"))]))
    state.add_model(ModelState("rooms", "Chair", [key(), ("room", of("Room"))]))
    assert state.apps
    return state


def applied(state: ProjectState, *steps: Any) -> str:
    """Return what a migration of these steps would write into the database."""
    migration = Migration("0002", "rooms")
    migration.operations = list(steps)
    with only_what_is_touched(), connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor)
    return "\n".join(map(str, editor.collected_sql))


def a_door() -> operations.CreateModel:
    return operations.CreateModel("Door", [key(), ("house", of("House"))])


def drawn(state: ProjectState) -> dict[str, type[models.Model]]:
    return {model._meta.model_name or "": model for model in state.apps.get_models()}


def test_only_the_touched_model_is_drawn(state: ProjectState) -> None:
    former = drawn(state)
    index = operations.AddIndex("house", models.Index(fields=["name"], name="by_name"))
    field = operations.AlterField("house", "name", models.CharField(max_length=9))

    told = applied(state, a_door(), index, field)

    assert all(words in told for words in ('CREATE TABLE "rooms_door"', 'CREATE INDEX "by_name"', "varchar(9)"))
    assert {name for name, model in drawn(state).items() if former.get(name) is not model} == {"house", "door"}


def test_a_key_changes_with_all_that_refer_to_it(state: ProjectState) -> None:
    applied(state, a_door())

    told = applied(state, operations.AlterField("house", "id", models.AutoField(primary_key=True)))

    assert {table for table in ("house", "room", "door", "chair") if f'ALTER TABLE "rooms_{table}" ALTER' in told} == {
        "house", "room", "door",
    }  # fmt: skip


def test_a_step_in_python_is_given_models_that_know_each_other(state: ProjectState) -> None:
    known = set()

    def look(apps: Any, _editor: Any) -> None:
        known.update(one.related_model for one in apps.get_model("rooms", "House")._meta.related_objects)
        assert known == {apps.get_model("rooms", "Room"), apps.get_model("rooms", "Door")}

    applied(state, a_door(), operations.RunPython(look))

    assert known


def test_django_has_its_own_way_back() -> None:
    before = (Migration.apply, ProjectState._find_reload_model)  # type: ignore[attr-defined]
    with only_what_is_touched():
        assert Migration.apply is not before[0]
    assert before == (Migration.apply, ProjectState._find_reload_model)  # type: ignore[attr-defined]
