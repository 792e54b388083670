"""The table of the cache that all processes share: rate limits of the sign-in count in it (``settings.CACHES``)."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE opora_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX opora_cache_expires ON opora_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [migrations.RunSQL(CREATE, "DROP TABLE opora_cache")]
