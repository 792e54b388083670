"""Roles of a new installation. Rows that exist are left alone."""

from typing import Any

from django.db import migrations

from opora.organisations.roles import DEFAULT_ROLES


def add(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("organisations", "Role")
    for order, default in enumerate(DEFAULT_ROLES, start=1):
        role.objects.get_or_create(
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


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_row_security")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
