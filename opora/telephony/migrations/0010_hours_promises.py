"""Single days of a line are its organisation's, as the line is."""

from django.db import migrations

from opora.appeals.security import ALL, ORGANISATION
from opora.shared.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("telephony", "0009_hours_of_lines")]

    operations = [protect("telephony_lineday", f"{ALL} OR organisation_id = {ORGANISATION}")]
