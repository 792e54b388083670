"""Rights of surveys, deliveries and findings for roles of earlier installations, and the role of a courier.

Rows: the roles named in DEFAULT_ROLES gain what their default set has of these rooms; a role that is not there is added.
"""

from typing import Any

from django.db import migrations

from opora.organisations.roles import DEFAULT_ROLES

ROOMS = ("surveys:", "policies:", "findings:")


def add(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("organisations", "Role")
    for order, default in enumerate(DEFAULT_ROLES, start=1):
        row, is_new = role.objects.get_or_create(
            slug=default.slug,
            defaults={
                "name": default.name,
                "short_name": default.short_name,
                "representative_level": default.level,
                "organisation_kinds": list(default.kinds),
                "rights": sorted(str(right) for right in default.rights),
                "default_purpose": default.purpose,
                "order": order * 10,
            },
        )
        if not is_new:
            row.rights = sorted({*row.rights, *(str(right) for right in default.rights if right.startswith(ROOMS))})
            row.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0009_complaints_rights")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
