"""A command to the exchange is seen by the organisation of who gave it, and by the program."""

from django.db import migrations

from opora.appeals.security import ALL, ORGANISATION
from opora.shared.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("telephony", "0003_calls_are_commanded")]

    operations = [protect("telephony_command", f"{ALL} OR organisation_id = {ORGANISATION}")]
