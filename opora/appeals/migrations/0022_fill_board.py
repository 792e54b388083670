"""Why: the board reads counters kept since its triggers were made; what was answered, promised or queued before is
counted once. Which rows: all counters of the board; nothing is changed in the journal."""

from pathlib import Path
from typing import Any

from django.db import migrations

from opora.shared.sql import text

SQL = Path(__file__).resolve().parent.parent / "sql"
FILES = ("board_rebuild_answers", "board_rebuild_promises", "board_rebuild_queue")


def fill(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('opora.sees', 'all', true)")
        cursor.execute("SELECT EXISTS (SELECT 1 FROM appeals_appeal)")
        for name in FILES if cursor.fetchone()[0] else ():
            cursor.execute(text(SQL / f"{name}.sql"))


class Migration(migrations.Migration):
    dependencies = [("appeals", "0021_board_promises")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
