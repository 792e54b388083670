"""Open cases are counted by a trigger: the board sums a few rows instead of looking at every case.

Cases that are there are counted once; migrations see all of them for as long as that takes.
"""

from django.db import migrations

from opora.shared.row_security import owned, protect

COUNT = """
CREATE FUNCTION complaints_tally_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO complaints_casetally (territory, insurer_id, stage, due_on, change)
    SELECT territory, insurer_id, stage, due_on, count(*) FROM added WHERE closed_at IS NULL GROUP BY 1, 2, 3, 4;
  ELSE
    INSERT INTO complaints_casetally (territory, insurer_id, stage, due_on, change)
    SELECT territory, insurer_id, stage, due_on, sum(change)
      FROM (SELECT territory, insurer_id, stage, due_on, 1 AS change FROM added WHERE closed_at IS NULL
            UNION ALL
            SELECT territory, insurer_id, stage, due_on, -1 FROM gone WHERE closed_at IS NULL) each
     GROUP BY 1, 2, 3, 4 HAVING sum(change) <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tally_added AFTER INSERT ON complaints_case REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION complaints_tally_cases();
CREATE TRIGGER tally_changed AFTER UPDATE ON complaints_case REFERENCING OLD TABLE AS gone NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION complaints_tally_cases();
"""
THERE = """
SELECT set_config('opora.sees', 'all', true);
INSERT INTO complaints_casetally (territory, insurer_id, stage, due_on, change)
SELECT territory, insurer_id, stage, due_on, count(*) FROM complaints_case WHERE closed_at IS NULL GROUP BY 1, 2, 3, 4;
SELECT set_config('opora.sees', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_counters")]

    operations = [
        protect("complaints_casetally", owned(by_clinic="false")),
        migrations.RunSQL(COUNT, "DROP FUNCTION complaints_tally_cases() CASCADE;"),
        migrations.RunSQL(THERE, migrations.RunSQL.noop),
    ]
