"""The log is asked for one action, and for what went wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_row_security"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditline",
            index=models.Index(fields=["action", "-at"], name="audit_by_action"),
        ),
        migrations.AddIndex(
            model_name="auditline",
            index=models.Index(
                condition=models.Q(("result__in", ["refused", "not_found", "failed"])),
                fields=["result", "-at"],
                name="audit_by_trouble",
            ),
        ),
    ]
