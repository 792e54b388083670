"""An agreement is read and changed by its two sides, and by nobody else."""

from django.db import migrations

from opora.appeals.security import ALL, ORGANISATION
from opora.shared.row_security import protect

SIDES = f"{ALL} OR organisation_id = {ORGANISATION} OR to_organisation_id = {ORGANISATION}"


class Migration(migrations.Migration):
    dependencies = [("telephony", "0007_agreements")]

    operations = [protect("telephony_agreement", SIDES)]
