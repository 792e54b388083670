"""Row security in migrations: enabled, forced for the owner too, one policy for reading and writing."""

from django.db import migrations

# The settings are those of ``opora.access.scope``; an unset one reads as NULL or empty and lets nothing through.
SEES = "current_setting('opora.sees', true)"


def setting(name: str, cast: str = "") -> str:
    """SQL of one setting of the scope, NULL when it is not set."""
    return f"nullif(current_setting('opora.{name}', true), ''){'::' + cast if cast else ''}"


def protect(table: str, visible: str, *, insert: str | None = None) -> migrations.RunSQL:
    """Let a row of ``table`` be read, changed and written only where ``visible`` holds; ``insert`` may be wider."""
    on = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
    if insert is None:
        policies = f"CREATE POLICY scope ON {table} USING ({visible}) WITH CHECK ({visible});"
    else:
        policies = (
            f"CREATE POLICY scope ON {table} FOR SELECT USING ({visible});"
            f"CREATE POLICY anyone_writes ON {table} FOR INSERT WITH CHECK ({insert});"
        )
    off = (
        f"DROP POLICY IF EXISTS scope ON {table}; DROP POLICY IF EXISTS anyone_writes ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    )
    return migrations.RunSQL(on + policies, off)
