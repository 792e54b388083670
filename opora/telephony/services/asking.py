"""Who left the queue and asked to be called back: his task says so and keeps his place."""

from __future__ import annotations

from pathlib import Path

from opora.shared.sql import question

SQL = Path(__file__).parent.parent / "sql"

_keep_place = question(SQL, "keep_place")


def follow(calls: list[int]) -> None:
    """Mark the tasks of those who asked; part of ``take_in``, after the tasks are made. Run twice: nothing."""
    _keep_place(calls=calls)
