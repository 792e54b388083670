"""Rows that belong to an organisation are seen by it, by its head organisation and by the fund of its territory."""

from django.db import migrations

from opora.shared.row_security import SEES, protect, setting

FUNCTION = f"""
CREATE FUNCTION organisations_sees(owner bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE {SEES}
    WHEN 'all' THEN true
    WHEN 'territory' THEN EXISTS (SELECT 1 FROM organisations_organisation o
                                   WHERE o.id = owner AND o.territory_id = {setting("territory")})
    ELSE EXISTS (SELECT 1 FROM organisations_organisation o
                  WHERE o.id = owner AND {setting("organisation", "bigint")} IN (o.id, o.parent_id))
  END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION organisations_sees(bigint)"),
        protect("organisations_department", "organisations_sees(organisation_id)"),
        protect("organisations_post", "organisations_sees(organisation_id)"),
        protect(
            "organisations_assignment",
            f"employee_id = {setting('employee', 'bigint')} OR organisations_sees(organisation_id)",
        ),
    ]
