"""What goes along with an approved answer stays as its text does: it was approved together."""

from django.db import migrations

STAYS = """
DROP TRIGGER stays ON appeals_answer;
CREATE TRIGGER stays BEFORE UPDATE ON appeals_answer FOR EACH ROW
  WHEN (OLD.state IN ('approved', 'sent', 'delivered', 'failed')
        AND ({old}) IS DISTINCT FROM ({new}))
  EXECUTE FUNCTION appeals_answer_stays();
"""


def kept(*columns: str) -> str:
    return STAYS.format(
        old=", ".join(f"OLD.{name}" for name in columns), new=", ".join(f"NEW.{name}" for name in columns)
    )


class Migration(migrations.Migration):
    dependencies = [("appeals", "0024_answer_enclosures")]

    operations = [
        migrations.RunSQL(
            kept("appeal_id", "kind", "text", "enclosed", "with_letter"), kept("appeal_id", "kind", "text")
        )
    ]
