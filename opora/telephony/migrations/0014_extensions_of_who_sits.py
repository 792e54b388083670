"""Why: on an exchange of several houses nobody may sit at an extension that is not written down as hers, and people sit.

Which rows: a range of one for each extension known on an exchange with lines of more than one organisation; an exchange
of one house needs none.
"""

from django.db import migrations

EVERYTHING = "SELECT set_config('opora.sees', 'all', true)"
FILL = """
INSERT INTO telephony_extensionrange (organisation_id, pbx, first, last)
SELECT organisation_id, pbx, extension, extension
  FROM telephony_agent
 WHERE extension ~ '^[0-9]{2,9}$'
   AND pbx IN (SELECT pbx FROM telephony_line GROUP BY pbx HAVING count(DISTINCT organisation_id) > 1)
"""


class Migration(migrations.Migration):
    dependencies = [("telephony", "0013_extensions")]

    operations = [migrations.RunSQL([EVERYTHING, FILL], migrations.RunSQL.noop)]
