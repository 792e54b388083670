"""What the board counts is kept by triggers: answers of a day, who waits in a queue and since when, promised calls.

A queue and the promises name an appeal or its organisation that the one who acts may not see, so their triggers look
past row security, as those of the lists do. Screens are seen by the organisation that made them alone.
"""

from django.db import migrations

from opora.appeals.security import ALL, HOLDER, ORGANISATION
from opora.shared.row_security import setting

MINE = (
    f"{ALL} OR territory = {setting('territory')} AND current_setting('opora.sees', true) = 'territory'"
    f" OR handler_id = {HOLDER} AND territory = coalesce({setting('territory')}, territory)"
)
OWN = f"{ALL} OR organisation_id = {ORGANISATION}"
ANSWERS = """
  INSERT INTO appeals_daytally (territory, handler_id, line, answered_on, is_in_time, change)
  SELECT a.territory_id, a.handler_id, a.line, (a.answered_at AT TIME ZONE t.time_zone)::date,
         coalesce(a.answered_at <= a.due_at, true), sum(a.change)
    FROM ({rows}) a JOIN organisations_territory t ON t.code = a.territory_id
   GROUP BY 1, 2, 3, 4, 5 HAVING sum(a.change) <> 0;
"""
ROWS = "SELECT territory_id, handler_id, line, answered_at, due_at, {sign} AS change FROM {of} WHERE answered_at IS NOT NULL"
NEW, FORMER = ROWS.format(sign=1, of="now"), ROWS.format(sign=-1, of="former")
# Past row security and back: what is done between names rows that whoever acts may not see.
PAST = "PERFORM set_config('opora.sees', 'all', true);"
BACK = "PERFORM set_config('opora.sees', coalesce(former_scope, ''), true);"
PROMISES = f"""
  {PAST}
  INSERT INTO appeals_promisetally (territory, handler_id, due_at, change)
  SELECT a.territory_id, coalesce(o.parent_id, o.id), p.due_at, sum(p.change)
    FROM ({{rows}}) p
   CROSS JOIN LATERAL (SELECT territory_id FROM appeals_appeal WHERE id = p.appeal_id OFFSET 0) a
    JOIN organisations_organisation o ON o.id = p.organisation_id
   GROUP BY 1, 2, 3 HAVING sum(p.change) <> 0;
  {BACK}
"""
PROMISED = "SELECT appeal_id, organisation_id, due_at, {sign} AS change FROM {of} WHERE state = 'open'"
IS_QUEUED = "{0}.owner_id IS NULL AND {0}.closed_at IS NULL"
QUEUE_NEW = f"""
  INSERT INTO appeals_queued (appeal_id, territory, handler_id, line, since)
  SELECT n.id, n.territory_id, n.handler_id, n.line, n.registered_at FROM now n WHERE {IS_QUEUED.format("n")};
"""
# Who is handed from queue to queue waits in the new one from now on.
MOVED = "(n.handler_id, n.line) <> (f.handler_id, f.line)"
QUEUE_CHANGED = f"""
  left_queue := ARRAY(SELECT f.id FROM former f JOIN now n ON n.id = f.id
                       WHERE {IS_QUEUED.format("f")} AND (NOT ({IS_QUEUED.format("n")}) OR {MOVED}));
  IF left_queue <> '{{}}' THEN
    {PAST} DELETE FROM appeals_queued WHERE appeal_id = ANY (left_queue); {BACK}
  END IF;
  INSERT INTO appeals_queued (appeal_id, territory, handler_id, line, since)
  SELECT n.id, n.territory_id, n.handler_id, n.line, greatest(clock_timestamp(), n.registered_at)
    FROM now n JOIN former f ON f.id = n.id
   WHERE {IS_QUEUED.format("n")} AND (NOT ({IS_QUEUED.format("f")}) OR {MOVED});
"""
FUNCTION = """
CREATE FUNCTION appeals_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  former_scope text := current_setting('opora.sees', true);
  left_queue uuid[];
BEGIN
  {work}
  RETURN NULL;
END $$;
"""
ADDED = "REFERENCING NEW TABLE AS now FOR EACH STATEMENT"
CHANGED = "REFERENCING OLD TABLE AS former NEW TABLE AS now FOR EACH STATEMENT"
BOTH = " UNION ALL "
KEPT = (
    ("board_new", "INSERT ON appeals_appeal", ADDED, ANSWERS.format(rows=NEW) + QUEUE_NEW),
    ("board_changed", "UPDATE ON appeals_appeal", CHANGED, ANSWERS.format(rows=NEW + BOTH + FORMER) + QUEUE_CHANGED),
    ("promises_new", "INSERT ON appeals_callback", ADDED, PROMISES.format(rows=PROMISED.format(sign=1, of="now"))),
    (
        "promises_changed",
        "UPDATE ON appeals_callback",
        CHANGED,
        PROMISES.format(rows=BOTH.join((PROMISED.format(sign=1, of="now"), PROMISED.format(sign=-1, of="former")))),
    ),
)
COUNTERS = ("appeals_daytally", "appeals_promisetally", "appeals_queued")
# Rows come and go all day: a table that is cleaned seldom grows to many times what it holds.
BRIEF = "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_threshold = 5000"


def forced(table: str) -> str:
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"


def counter(table: str) -> migrations.RunSQL:
    """Anybody's act adds, only the program itself takes away, and each sees the sums of her own place."""
    return migrations.RunSQL(
        f"{forced(table)} CREATE POLICY may_select ON {table} FOR SELECT USING ({MINE});"
        f"CREATE POLICY may_insert ON {table} FOR INSERT WITH CHECK (true);"
        f"CREATE POLICY may_update ON {table} FOR UPDATE USING ({ALL}) WITH CHECK ({ALL});"
        f"CREATE POLICY may_delete ON {table} FOR DELETE USING ({ALL});"
        f"ALTER TABLE {table} SET ({BRIEF});",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("appeals", "0020_board")]

    operations = [
        *[counter(table) for table in COUNTERS],
        migrations.RunSQL(
            f"{forced('appeals_screen')} CREATE POLICY own ON appeals_screen USING ({OWN}) WITH CHECK ({OWN});",
            migrations.RunSQL.noop,
        ),
        *[
            migrations.RunSQL(
                FUNCTION.format(name=name, work=work)
                + f"CREATE TRIGGER {name} AFTER {event} {seen} EXECUTE FUNCTION appeals_{name}();",
                f"DROP FUNCTION appeals_{name}() CASCADE;",
            )
            for name, event, seen, work in KEPT
        ],
    ]
