"""What a row belongs to is asked of the same table whatever the search path is: pg_dump empties it.

Without this a role that obeys row security could not take a copy of its own database.
"""

from django.db import migrations

from opora.shared.row_security import SEES, setting

HEAD = "CREATE OR REPLACE FUNCTION organisations_sees(owner bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE "
BODY = f"""CASE {SEES}
    WHEN 'all' THEN true
    WHEN 'territory' THEN EXISTS (SELECT 1 FROM organisations_organisation o
                                   WHERE o.id = owner AND o.territory_id = {setting("territory")})
    ELSE EXISTS (SELECT 1 FROM organisations_organisation o
                  WHERE o.id = owner AND {setting("organisation", "bigint")} IN (o.id, o.parent_id))
  END"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0013_rights_of_chat")]

    operations = [migrations.RunSQL(f"{HEAD} RETURN {BODY}", f"{HEAD} AS $$ SELECT {BODY} $$")]
