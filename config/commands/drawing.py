"""Draw in a migration only the models that its steps touch.

Django draws anew, after every step, each model that is related to the touched one directly or through others. Where all
rooms know an organisation and an employee that is every model there is: thirty thousand drawings for an empty base, and
most of its time. What most steps write into the database follows from the touched model alone. A migration with a step
of another kind (one that renames, removes, or changes a key others refer to) begins with all models drawn anew and goes
Django's way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import CreateExtension
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# A step in Python is given models of its own, all drawn anew: Django sees to that.
STEPS_ALONE = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
    operations.RunSQL,
    operations.RunPython,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    AddTrigger,
    RemoveTrigger,
    CreateExtension,
)


@contextmanager
def only_what_is_touched() -> Iterator[None]:
    """While it lasts, migrations draw as this module says."""
    apply, find = Migration.apply, ProjectState._find_reload_model  # type: ignore[attr-defined]

    def touched(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        state.is_delayed = True  # as Django marks a state in which some models know former ones
        return {(app_label, model_name)}

    def apply_drawing_little(migration: Migration, state: ProjectState, *editor: Any, **given: Any) -> ProjectState:
        if all(map(stands_alone, migration.operations)):
            ProjectState._find_reload_model = touched  # type: ignore[attr-defined]
        else:
            draw_all(state)
        try:
            return apply(migration, state, *editor, **given)
        finally:
            ProjectState._find_reload_model = find  # type: ignore[attr-defined]

    Migration.apply = apply_drawing_little  # type: ignore[assignment]
    try:
        yield
    finally:
        Migration.apply = apply  # type: ignore[method-assign]


def stands_alone(step: Operation) -> bool:
    """Whether what a step writes into the database follows from the model it touches."""
    if isinstance(step, operations.AlterField):
        return not (step.field.primary_key or step.field.unique or step.field.is_relation)
    return isinstance(step, STEPS_ALONE)


def draw_all(state: ProjectState) -> None:
    """Draw every model anew where some know former ones."""
    state.clear_delayed_apps_cache()
    state.is_delayed = False
    state.apps  # noqa: B018 - drawn when they are asked for
