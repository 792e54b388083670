"""Row security in migrations: enabled, forced for the owner too, one policy for reading and writing."""

from django.db import migrations

# The settings are those of ``opora.access.scope``; an unset one reads as NULL or empty and lets nothing through.
SEES = "current_setting('opora.sees', true)"


def setting(name: str, cast: str = "") -> str:
    """SQL of one setting of the scope, NULL when it is not set."""
    return f"nullif(current_setting('opora.{name}', true), ''){'::' + cast if cast else ''}"


def owned(*, by_clinic: str = "") -> str:
    """SQL: the scope sees a row that carries ``territory``, ``insurer_id`` and ``provider_id``.

    ``by_clinic`` narrows what a clinic sees of its rows; «false» keeps them from it.
    """
    of_clinic = f"provider_id = {setting('provider', 'bigint')}" + (f" AND {by_clinic}" if by_clinic else "")
    return f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory = {setting("territory")}
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")}
                      AND territory = coalesce({setting("territory")}, territory)
  WHEN 'provider' THEN {of_clinic if by_clinic != "false" else "false"}
  ELSE false END"""


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
