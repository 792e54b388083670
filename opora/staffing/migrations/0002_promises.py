"""What the database keeps by itself: whose lines, load and shifts are whose; only the program counts calls."""

from django.db import migrations

from opora.appeals.security import ALL
from opora.shared.row_security import owned, protect

OWNED = owned(by_clinic="false")


class Migration(migrations.Migration):
    dependencies = [("staffing", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        protect("staffing_line", OWNED),
        protect("staffing_shift", OWNED),
        protect("staffing_load", OWNED),
        protect("staffing_countedcall", ALL),
        protect("staffing_cursor", ALL),
    ]
