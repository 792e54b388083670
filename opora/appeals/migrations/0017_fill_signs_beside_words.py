"""Appeals written before have their signs beside their words as well. Which rows: every row of ``appeals_words``.

Rows of signs alone go; an appeal without a text gets the row it had none of.
"""

from django.db import migrations

FILL = """
SELECT set_config('opora.sees', 'all', true);
INSERT INTO appeals_words (registered_at, appeal_id, part, words)
SELECT a.registered_at, a.id, 1,
       appeals_content(t.text, appeals_signs(a.kind, a.topic_code, a.channel, a.form, a.flags::text[], a.territory_id))
  FROM appeals_appeal a JOIN appeals_appealtext t ON t.appeal_id = a.id
ON CONFLICT (registered_at, appeal_id, part) DO UPDATE SET words = excluded.words;
UPDATE appeals_words w
   SET words = w.words || appeals_hashes(3::smallint, array['territory:' || a.territory_id])
  FROM appeals_appeal a
 WHERE a.id = w.appeal_id AND w.part = 2;
DELETE FROM appeals_words WHERE part = 3;
SELECT set_config('opora.sees', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("appeals", "0016_signs_beside_words")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
