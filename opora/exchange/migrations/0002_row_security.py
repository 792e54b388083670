"""A file is seen by the organisation of its channel, by its head organisation and by the fund of its territory."""

from django.db import migrations

from opora.shared.row_security import protect

OF_PARCEL = "EXISTS (SELECT 1 FROM exchange_parcel p WHERE p.id = exchange_parcelfinding.parcel_id)"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        protect("exchange_parcel", "organisations_sees(organisation_id)"),
        protect("exchange_provenance", "organisations_sees(organisation_id)"),
        protect("exchange_parcelfinding", OF_PARCEL),
    ]
