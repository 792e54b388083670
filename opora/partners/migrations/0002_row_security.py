"""Outside programs are seen by the organisation they work for, its head and the fund of its territory; keys follow."""

from django.db import migrations

from opora.shared.row_security import protect

OF_A_SEEN_PARTNER = "EXISTS (SELECT 1 FROM partners_apipartner p WHERE p.id = partner_id)"


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        protect("partners_apipartner", "organisations_sees(organisation_id)"),
        protect("partners_onetimekey", OF_A_SEEN_PARTNER),
        protect("partners_partnersession", OF_A_SEEN_PARTNER),
    ]
