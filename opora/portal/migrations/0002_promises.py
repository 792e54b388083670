"""What the database keeps by itself: a question on its way is seen by the program alone."""

from django.db import migrations

from opora.shared.row_security import SEES, protect

PROGRAM = f"{SEES} = 'all'"


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [protect("portal_ask", PROGRAM), protect("portal_askfile", PROGRAM)]
