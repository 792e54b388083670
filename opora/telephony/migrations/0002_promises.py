"""What the database keeps by itself: whose calls are whose, months of facts, what an employee did from when until when.

A call belongs to the organisation of its line and to the one that served it; facts are the program's alone; keys of
facts say nothing of anybody.
"""

from datetime import date
from typing import Any

from django.db import migrations
from django.utils import timezone

from opora.appeals.security import ALL, ORGANISATION
from opora.shared.partitions import MONTHS_AHEAD, add_months
from opora.shared.row_security import protect

OWN = f"{ALL} OR organisation_id = {ORGANISATION}"
SERVED = f"{OWN} OR served_id = {ORGANISATION}"
SPELLS = """
CREATE FUNCTION telephony_spells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.employee_id, OLD.state, OLD.reason, OLD.call_id)
       IS NOT DISTINCT FROM (NEW.employee_id, NEW.state, NEW.reason, NEW.call_id) THEN
      RETURN NULL;
    END IF;
    UPDATE telephony_spell SET until = greatest(since, NEW.since)
     WHERE pbx = OLD.pbx AND extension = OLD.extension AND until IS NULL;
  END IF;
  IF NEW.employee_id IS NOT NULL THEN
    INSERT INTO telephony_spell (organisation_id, pbx, extension, employee_id, state, reason, call_id, since)
    VALUES (NEW.organisation_id, NEW.pbx, NEW.extension, NEW.employee_id, NEW.state, NEW.reason, NEW.call_id, NEW.since);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER spells AFTER INSERT OR UPDATE ON telephony_agent FOR EACH ROW EXECUTE FUNCTION telephony_spells();
"""


def months(apps: Any, schema_editor: Any) -> None:
    first = date(timezone.now().year, 1, 1)
    add_months("telephony_callevent", first, count=timezone.now().month + MONTHS_AHEAD)


class Migration(migrations.Migration):
    dependencies = [("telephony", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        migrations.RunPython(months, migrations.RunPython.noop),
        protect("telephony_callevent", ALL),
        protect("telephony_call", SERVED),
        *[protect(f"telephony_{table}", OWN) for table in ("line", "agent", "spell", "callback", "popup")],
        migrations.RunSQL(SPELLS, "DROP TRIGGER spells ON telephony_agent; DROP FUNCTION telephony_spells();"),
    ]
