"""Whose bundles are whose: an insurer and its branches work by the same grants, so that they see the same bundles.

A branch stays within its territory; the head office sees those of every branch.
"""

from django.db import migrations

from opora.appeals.security import ALL, HOLDER, ORGANISATION
from opora.shared.row_security import setting

TABLE = "appeals_bundle"
OWN = f"{ALL} OR organisation_id = {ORGANISATION}"
SHARED = f"""{OWN} OR EXISTS (
    SELECT 1 FROM organisations_organisation o
     WHERE o.id = {TABLE}.organisation_id AND coalesce(o.parent_id, o.id) = {HOLDER}
       AND o.territory_id = coalesce({setting("territory")}, o.territory_id))"""


def policy(rule: str) -> str:
    return (
        f"DROP POLICY may_every ON {TABLE};"
        f"CREATE POLICY may_every ON {TABLE} FOR ALL USING ({rule}) WITH CHECK ({rule});"
    )


class Migration(migrations.Migration):
    dependencies = [("appeals", "0012_register_function"), ("organisations", "0001_initial")]

    operations = [migrations.RunSQL(policy(SHARED), policy(OWN))]
