"""How long intake takes at a branch is seen by the supervisor of its head office, as her other sums are."""

from django.db import migrations

from opora.appeals.security import ALL, HOLDER, ORGANISATION
from opora.shared.row_security import setting

TABLE = "appeals_intaketime"
OWN = f"{ALL} OR organisation_id = {ORGANISATION}"
SHARED = f"""{OWN} OR EXISTS (
    SELECT 1 FROM organisations_organisation o
     WHERE o.id = {TABLE}.organisation_id AND coalesce(o.parent_id, o.id) = {HOLDER}
       AND o.territory_id = coalesce({setting("territory")}, o.territory_id))"""


def policy(rule: str) -> str:
    return f"DROP POLICY may_every ON {TABLE}; CREATE POLICY may_every ON {TABLE} FOR ALL USING ({rule}) WITH CHECK ({rule});"


class Migration(migrations.Migration):
    dependencies = [("appeals", "0013_bundles_of_the_insurer")]

    operations = [migrations.RunSQL(policy(SHARED), policy(OWN))]
