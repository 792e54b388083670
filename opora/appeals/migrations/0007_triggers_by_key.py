"""Triggers that join what a statement wrote with a large table go from the few rows to the many, by key.

The rows of a statement have no statistics: the planner put the large table outside and read the small one again for
each of its rows. ``OFFSET 0`` and the array leave it no choice.
"""

from django.db import migrations

LIST_COLUMNS = ("kind", "topic_code", "channel", "stage", "line", "handler_id", "owner_id", "due_at", "closed_at")
BODY = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE former_scope text := current_setting('opora.sees', true);
BEGIN
  PERFORM set_config('opora.sees', 'all', true);
  {work}
  PERFORM set_config('opora.sees', coalesce(former_scope, ''), true);
  RETURN NULL;
END $$;
"""
GRANTS_FIT = """
  IF EXISTS (SELECT 1 FROM added g
              CROSS JOIN LATERAL (SELECT a.organisation_id, a.territory_id FROM appeals_appeal a
                                   WHERE a.id = g.appeal_id OFFSET 0) a
              WHERE a.organisation_id <> g.registrar_id OR a.territory_id <> g.territory) THEN
    RAISE EXCEPTION 'a grant names another registrar than its appeal' USING ERRCODE = 'check_violation';
  END IF;
"""
LISTS_FOLLOW = f"""
  UPDATE appeals_grant g SET {", ".join(f"{name} = c.{name}" for name in LIST_COLUMNS)}
    FROM changed c
   WHERE g.appeal_id = ANY (ARRAY(SELECT id FROM changed)) AND g.appeal_id = c.id
     AND ({", ".join(f"g.{name}" for name in LIST_COLUMNS)})
         IS DISTINCT FROM ({", ".join(f"c.{name}" for name in LIST_COLUMNS)});
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0006_lists_promises")]

    operations = [
        migrations.RunSQL(
            BODY.format(name="appeals_grants_fit", work=GRANTS_FIT)
            + BODY.format(name="appeals_lists_follow", work=LISTS_FOLLOW),
            migrations.RunSQL.noop,
        )
    ]
