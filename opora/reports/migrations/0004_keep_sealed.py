"""What the database keeps by itself: a sealed period gives its facts back, and rooms say what has to be counted anew.

``reports_keep_sealed`` writes the former row of a fact down where a seal covers it. Whoever writes facts and whoever
seals hold the same advisory lock, shared and alone: no fact changes while a period is being sealed.
"""

from django.db import migrations

from opora.appeals.security import ALL
from opora.shared.row_security import SEES, setting

FACTS = {
    "appeals": ("reports_appealfact", "appeal_id", "insurer_id,about_id,taken_by_id", "registered_on,closed_on"),
    "reasons": ("reports_reasonfact", "reason_id", "insurer_id,about_id", "registered_on,closed_on"),
    "measures": ("reports_measurefact", "restoration_id", "insurer_id", "on"),
    "disputes": ("reports_disputefact", "dispute_id", "insurer_id", "filed_on,decided_on"),
    "claims": ("reports_claimfact", "claim_id", "insurer_id", "filed_on,decided_on"),
    "deliveries": ("reports_deliveryfact", "delivery_id", "insurer_id", "asked_on,ended_on,handed_on"),
    "surveys": ("reports_surveyfact", "key", "insurer_id", "closed_on"),
    "contacts": ("informing_informed", "touch_id", "insurer_id", "on"),
}
KEEP = """
CREATE FUNCTION reports_keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $keep$
DECLARE
  source text := TG_ARGV[0];
  key text := quote_ident(TG_ARGV[1]);
  whose text[] := string_to_array(TG_ARGV[2], ',');
  days text[] := string_to_array(TG_ARGV[3], ',');
  before text := CASE TG_OP WHEN 'INSERT' THEN '(SELECT * FROM new_rows WHERE false)' ELSE 'old_rows' END;
  after text := CASE TG_OP WHEN 'DELETE' THEN '(SELECT * FROM old_rows WHERE false)' ELSE 'new_rows' END;
  scope text := coalesce(current_setting('opora.sees', true), '');
  covers text;
  named text;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(20150015);
  PERFORM set_config('opora.sees', 'all', true);  -- whoever writes, every seal counts
  IF NOT EXISTS (SELECT 1 FROM reports_seal) THEN
    PERFORM set_config('opora.sees', scope, true);
    RETURN NULL;
  END IF;
  SELECT '(s.territory_id = #.territory AND (s.insurer_id IS NULL OR s.insurer_id IN ('
         || string_agg('#.' || quote_ident(one), ', ') || '))' INTO covers FROM unnest(whose) one;
  SELECT covers || ' AND (' || string_agg('coalesce(s.days @> #.' || quote_ident(one) || ', false)', ' OR ') || '))'
    INTO covers FROM unnest(days) one;
  SELECT string_agg('#.' || quote_ident(one), ', ') INTO named FROM unnest(whose) one;
  EXECUTE format($do$
    WITH spans AS MATERIALIZED (
      SELECT s.territory_id, CASE WHEN o.kind = 'insurer' THEN s.insurer_id END AS insurer_id,
             range_agg(daterange(s.since, s.until, '[]')) AS days
        FROM reports_seal s
        LEFT JOIN organisations_organisation o ON o.id = s.insurer_id
       WHERE s.source_names @> ARRAY[%1$L]::varchar[]
       GROUP BY 1, 2)
    INSERT INTO reports_change (source, key, territory, at, insurers, old)
    SELECT %1$L, coalesce(o.%2$s, n.%2$s)::text, coalesce(o.territory, n.territory), clock_timestamp(),
           array_remove(ARRAY[%3$s, %4$s], NULL), CASE WHEN o.%2$s IS NOT NULL THEN to_jsonb(o) END
      FROM %5$s o
      FULL JOIN %6$s n ON n.%2$s = o.%2$s
     WHERE EXISTS (SELECT 1 FROM spans s WHERE %7$s OR %8$s)
    $do$, source, key, replace(named, '#', 'o'), replace(named, '#', 'n'), before, after,
    replace(covers, '#', 'o'), replace(covers, '#', 'n'));
  PERFORM set_config('opora.sees', scope, true);
  RETURN NULL;
END $keep$;
"""
NAME_STALE = """
CREATE FUNCTION reports_name_stale() RETURNS trigger LANGUAGE plpgsql AS $stale$
BEGIN
  EXECUTE format('INSERT INTO reports_stale (source, key) SELECT DISTINCT %L, %I::text FROM changed',
                 TG_ARGV[0], TG_ARGV[1]);
  RETURN NULL;
END $stale$;
CREATE FUNCTION reports_name_stale_row() RETURNS trigger LANGUAGE plpgsql AS $stale$
BEGIN
  INSERT INTO reports_stale (source, key) VALUES (TG_ARGV[0], to_jsonb(NEW)->>TG_ARGV[1]);
  RETURN NULL;
END $stale$;
"""
STALE = {
    "complaints_restoration": ("cases", "case_id"),
    "complaints_dispute": ("cases", "case_id"),
    "complaints_claim": ("claims", "id"),
    "policies_delivery": ("deliveries", "id"),
    "policies_handover": ("deliveries", "delivery_id"),
}
OPERATIONS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def keeps(source: str) -> migrations.RunSQL:
    table, *given = FACTS[source]
    words = ", ".join(f"'{one}'" for one in (source, *given))
    return _each(table, "reports_keep_sealed", lambda operation: OPERATIONS[operation], words)


def names_stale(table: str) -> migrations.RunSQL:
    source, key = STALE[table]
    return _each(
        table,
        "reports_name_stale",
        lambda operation: f"{'OLD' if operation == 'delete' else 'NEW'} TABLE AS changed",
        f"'{source}', '{key}'",
    )


def _each(table, function, rows, words):
    on = "".join(
        f"CREATE TRIGGER {function}_{operation} AFTER {operation.upper()} ON {table} REFERENCING {rows(operation)}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {function}({words});\n"
        for operation in OPERATIONS
    )
    off = "".join(f"DROP TRIGGER IF EXISTS {function}_{operation} ON {table};\n" for operation in OPERATIONS)
    return migrations.RunSQL(on, off)


# A case that goes to another insurer, a round that ends: rare rows, told one by one.
MOVED = """
CREATE TRIGGER reports_name_stale AFTER UPDATE ON complaints_case FOR EACH ROW
  WHEN (OLD.insurer_id IS DISTINCT FROM NEW.insurer_id OR OLD.territory <> NEW.territory)
  EXECUTE FUNCTION reports_name_stale_row('cases', 'appeal_id');
CREATE TRIGGER reports_name_stale AFTER INSERT OR UPDATE ON surveys_round FOR EACH ROW
  WHEN (NEW.state = 'closed') EXECUTE FUNCTION reports_name_stale_row('surveys', 'id');
"""
UNMOVED = """
DROP TRIGGER IF EXISTS reports_name_stale ON complaints_case;
DROP TRIGGER IF EXISTS reports_name_stale ON surveys_round;
"""
# What was there before the triggers; the journal is read from its first turn anyway.
WAITS = """
SELECT set_config('opora.sees', 'all', true);
INSERT INTO reports_stale (source, key)
SELECT 'cases', case_id::text FROM complaints_restoration UNION SELECT 'cases', case_id::text FROM complaints_dispute
UNION ALL SELECT 'claims', id::text FROM complaints_claim
UNION ALL SELECT 'deliveries', id::text FROM policies_delivery
UNION ALL SELECT 'surveys', id::text FROM surveys_round WHERE state = 'closed';
SELECT set_config('opora.sees', '', true);
"""
# Rows of a sealed report are asked for by who may see the report: she needs what changed under them.
CHANGES = f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory = {setting("territory")}
  WHEN 'insurer' THEN {setting("insurer", "bigint")} = ANY(insurers)
                      AND territory = coalesce({setting("territory")}, territory)
  ELSE false END"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_sealing"),
        ("complaints", "0007_promises_of_counters"),
        ("informing", "0012_letters_security"),
        ("policies", "0002_promises"),
        ("surveys", "0003_counts_of_ended_rounds"),
    ]

    operations = [
        migrations.RunSQL(
            f"DROP POLICY scope ON reports_change; CREATE POLICY scope ON reports_change FOR SELECT USING ({CHANGES});",
            f"DROP POLICY scope ON reports_change; CREATE POLICY scope ON reports_change FOR SELECT USING ({ALL});",
        ),
        migrations.RunSQL(KEEP, "DROP FUNCTION reports_keep_sealed() CASCADE;"),
        migrations.RunSQL(
            NAME_STALE, "DROP FUNCTION reports_name_stale() CASCADE; DROP FUNCTION reports_name_stale_row() CASCADE;"
        ),
        *[keeps(source) for source in FACTS],
        *[names_stale(table) for table in STALE],
        migrations.RunSQL(MOVED, UNMOVED),
        migrations.RunSQL(WAITS, migrations.RunSQL.noop),
    ]
