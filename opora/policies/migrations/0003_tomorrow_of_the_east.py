"""A courier sees tomorrow's route from her own midnight on: in the east it comes up to twelve hours before that of UTC.

The database reckons days by UTC, so the day after tomorrow of UTC is already tomorrow of Novosibirsk in the evening.
"""

from django.db import migrations

from opora.shared.row_security import SEES, owned, setting

ME = f"{SEES} = 'nothing' AND employee_id = {setting('employee', 'bigint')}"
SEEN = "({owned}) OR ({me} AND day BETWEEN current_date - 8 AND current_date + {ahead})"


def policy(ahead: int) -> str:
    visible = SEEN.format(owned=owned(by_clinic="false"), me=ME, ahead=ahead)
    return f"ALTER POLICY scope ON policies_route USING ({visible}) WITH CHECK ({visible});"


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_promises")]

    operations = [migrations.RunSQL(policy(2), policy(1))]
