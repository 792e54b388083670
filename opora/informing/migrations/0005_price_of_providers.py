from django.db import migrations

# Why: what a segment costs is said by providers now, not by limits; rows: campaigns whose limits still name a price.
DROP = """
SELECT set_config('opora.sees', 'all', true);
UPDATE informing_campaign SET limits = limits - 'price_kopecks' WHERE limits ? 'price_kopecks';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("informing", "0004_promised_calls"),
    ]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
    ]
