"""What the database keeps by itself: row security by grants, lists and counters that follow the appeal, the chain's
waiting room, answers that do not change once approved, and rows that nobody deletes."""

from datetime import date
from typing import Any

from django.db import migrations
from django.utils import timezone

from opora.appeals.security import ALL, HOLDER, ORGANISATION, depth, seen
from opora.shared.partitions import MONTHS_AHEAD, add_months
from opora.shared.row_security import setting

LIST_COLUMNS = ("kind", "topic_code", "channel", "stage", "line", "handler_id", "owner_id", "due_at", "closed_at")


def policies(table: str, **commands: str) -> migrations.RunSQL:
    """Enable and force row security; one policy per command: every, select, insert, update, delete."""
    on = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
    off = ""
    for command, rule in commands.items():
        verb = "ALL" if command == "every" else command.upper()
        clauses = {"insert": f"WITH CHECK ({rule})", "select": f"USING ({rule})", "delete": f"USING ({rule})"}
        on += f"CREATE POLICY may_{command} ON {table} FOR {verb} "
        on += clauses.get(command, f"USING ({rule}) WITH CHECK ({rule})") + ";"
        off += f"DROP POLICY may_{command} ON {table};"
    off += f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    return migrations.RunSQL(on, off)


def deep(table: str, at_least: int | str) -> migrations.RunSQL:
    rule = seen(table, at_least)
    return policies(table, select=rule, insert=rule, update=rule)


def months(apps: Any, schema_editor: Any) -> None:
    first = date(timezone.now().year - 1, 1, 1)
    add_months("appeals_event", first, count=timezone.now().month + 12 + MONTHS_AHEAD)


AWAIT_CHAIN = """
CREATE FUNCTION appeals_await_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO appeals_unchained (at, id, organisation_id) SELECT at, id, organisation_id FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER await_chain AFTER INSERT ON appeals_event REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_await_chain();
"""

LISTS_FOLLOW = f"""
CREATE FUNCTION appeals_lists_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE former_scope text := current_setting('opora.sees', true);
BEGIN
  PERFORM set_config('opora.sees', 'all', true);
  UPDATE appeals_grant g SET {", ".join(f"{name} = c.{name}" for name in LIST_COLUMNS)}
    FROM changed c
   WHERE g.appeal_id = c.id
     AND ({", ".join(f"g.{name}" for name in LIST_COLUMNS)})
         IS DISTINCT FROM ({", ".join(f"c.{name}" for name in LIST_COLUMNS)});
  PERFORM set_config('opora.sees', coalesce(former_scope, ''), true);
  RETURN NULL;
END $$;
CREATE TRIGGER lists_follow AFTER UPDATE ON appeals_appeal REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_lists_follow();
"""

COUNT = """
CREATE FUNCTION appeals_count_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO appeals_tally (territory, handler_id, line, owner_id, kind, due_on, change)
  SELECT territory_id, handler_id, line, coalesce(owner_id, 0), kind, due_on, count(*)
    FROM added WHERE closed_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6;
  RETURN NULL;
END $$;
CREATE TRIGGER count_new AFTER INSERT ON appeals_appeal REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_count_new();
CREATE FUNCTION appeals_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO appeals_tally (territory, handler_id, line, owner_id, kind, due_on, change)
  SELECT territory_id, handler_id, line, owner, kind, due_on, sum(change)
    FROM (SELECT territory_id, handler_id, line, coalesce(owner_id, 0) AS owner, kind, due_on, 1 AS change
            FROM now WHERE closed_at IS NULL
          UNION ALL
          SELECT territory_id, handler_id, line, coalesce(owner_id, 0), kind, due_on, -1
            FROM former WHERE closed_at IS NULL) moved
   GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(change) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER count_changed AFTER UPDATE ON appeals_appeal REFERENCING OLD TABLE AS former NEW TABLE AS now
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_count_changed();
"""

GRANTS_FIT = """
CREATE FUNCTION appeals_grants_fit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE former_scope text := current_setting('opora.sees', true);
BEGIN
  PERFORM set_config('opora.sees', 'all', true);
  IF EXISTS (SELECT 1 FROM added g JOIN appeals_appeal a ON a.id = g.appeal_id
              WHERE a.organisation_id <> g.registrar_id OR a.territory_id <> g.territory) THEN
    RAISE EXCEPTION 'a grant names another registrar than its appeal' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM set_config('opora.sees', coalesce(former_scope, ''), true);
  RETURN NULL;
END $$;
CREATE TRIGGER grants_fit AFTER INSERT ON appeals_grant REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_grants_fit();
"""

FOREVER = """
CREATE FUNCTION appeals_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal keeps its rows: % is not deleted', TG_TABLE_NAME;
END $$;
CREATE FUNCTION appeals_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the number, the organisation and the moment of an appeal do not change';
END $$;
CREATE TRIGGER identity BEFORE UPDATE ON appeals_appeal FOR EACH ROW
  WHEN ((OLD.id, OLD.territory_id, OLD.organisation_id, OLD.year, OLD.sequence, OLD.number, OLD.registered_at)
        IS DISTINCT FROM
        (NEW.id, NEW.territory_id, NEW.organisation_id, NEW.year, NEW.sequence, NEW.number, NEW.registered_at))
  EXECUTE FUNCTION appeals_identity();
CREATE FUNCTION appeals_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an approved answer does not change';
END $$;
CREATE TRIGGER stays BEFORE UPDATE ON appeals_answer FOR EACH ROW
  WHEN (OLD.state IN ('approved', 'sent', 'delivered', 'failed')
        AND (OLD.appeal_id, OLD.kind, OLD.text) IS DISTINCT FROM (NEW.appeal_id, NEW.kind, NEW.text))
  EXECUTE FUNCTION appeals_answer_stays();
"""
KEPT = ("appeal", "appealtext", "party", "reason", "clock", "answer", "file", "relation", "callback", "grant")
FUNCTIONS = (
    "await_chain",
    "lists_follow",
    "count_new",
    "count_changed",
    "grants_fit",
    "forever",
    "identity",
    "answer_stays",
)
OF_GRANT = f"organisation_id = {HOLDER} AND territory = coalesce({setting('territory')}, territory)"
OWN = f"{ALL} OR organisation_id = {ORGANISATION}"


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial")]

    operations = [
        migrations.RunPython(months, migrations.RunPython.noop),
        migrations.RunSQL(
            AWAIT_CHAIN + LISTS_FOLLOW + COUNT + GRANTS_FIT + FOREVER,
            "".join(f"DROP FUNCTION appeals_{name}() CASCADE;" for name in FUNCTIONS),
        ),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER forever BEFORE DELETE ON appeals_{table} FOR EACH ROW EXECUTE FUNCTION appeals_forever();",
                f"DROP TRIGGER IF EXISTS forever ON appeals_{table};",
            )
            for table in KEPT
        ],
        policies(
            "appeals_grant",
            select=f"{ALL} OR ({OF_GRANT} AND {depth('appeals_grant')} >= 1)",
            insert=f"{ALL} OR registrar_id = {ORGANISATION} OR handler_id = {HOLDER}",
            update=f"{ALL} OR registrar_id = {ORGANISATION} OR handler_id = {HOLDER}",
        ),
        policies(
            "appeals_appeal",
            select=seen("appeals_appeal", 2, by="id"),
            insert=OWN,
            update=seen("appeals_appeal", 2, by="id"),
        ),
        deep("appeals_appealtext", 3),
        deep("appeals_party", 4),
        deep("appeals_reason", 3),
        deep("appeals_clock", 2),
        deep("appeals_answer", 3),
        deep("appeals_file", "appeals_file.depth"),
        deep("appeals_callback", 2),
        policies(
            "appeals_event",
            select=seen("appeals_event", "greatest(2, appeals_event.depth)"),
            insert=OWN,
        ),
        policies(
            "appeals_relation",
            every=f"{seen('appeals_relation', 1, by='earlier_id')} AND {seen('appeals_relation', 1, by='later_id')}",
        ),
        policies("appeals_bundle", every=OWN),
        policies("appeals_numbering", every=OWN),
        policies("appeals_intaketime", every=OWN),
        policies("appeals_draft", every=f"{ALL} OR employee_id = {setting('employee', 'bigint')}"),
        policies(
            "appeals_tally",
            select=f"{ALL} OR territory = {setting('territory')} AND current_setting('opora.sees', true) = 'territory'"
            f" OR handler_id = {HOLDER} AND territory = coalesce({setting('territory')}, territory)",
            insert="true",
            delete=ALL,
        ),
        policies("appeals_unchained", select=ALL, insert="true", delete=ALL),
        policies("appeals_chainlink", select=OWN, insert=ALL),
        policies("appeals_chainhead", every=OWN),
        policies("appeals_dailyhead", select=OWN, insert=OWN),
    ]
