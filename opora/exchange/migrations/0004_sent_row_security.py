"""What was sent is seen by who sees the file: the organisation of its channel, its head, the fund of its territory."""

from django.db import migrations

from opora.shared.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_sent_records")]

    operations = [protect("exchange_sentrecord", "organisations_sees(organisation_id)")]
