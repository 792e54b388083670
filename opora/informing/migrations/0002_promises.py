"""What the database keeps by itself: row security, touches that move forward only, counters, rows nobody deletes."""

from typing import Any

from django.db import migrations
from django.utils import timezone

from opora.shared.partitions import add_years
from opora.shared.row_security import SEES, protect, setting

PERSONAL = (
    "roll",
    "entry",
    "reported",
    "visit",
    "volume",
    "seal",
    "planentry",
    "campaign",
    "touch",
    "exclusion",
    "attempt",
    "observation",
    "plannedvisit",
    "referral",
)
TERRITORY_IS_KEY = frozenset({"roll"})
KEPT = ("roll", "visit", "reported", "seal", "planentry", "campaign", "wave", "touch", "observation", "plannedvisit")


def seen(table: str) -> str:
    """SQL: the scope of the transaction sees a row of ``table``."""
    territory = "territory_id" if table in TERRITORY_IS_KEY else "territory"
    return f"""CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN {territory} = {setting("territory")}
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")}
                      AND {territory} = coalesce({setting("territory")}, {territory})
  WHEN 'provider' THEN provider_id = {setting("provider", "bigint")}
  ELSE false END"""


def years(apps: Any, schema_editor: Any) -> None:
    for table in ("planentry", "touch", "exclusion"):
        add_years(f"informing_{table}", timezone.now().year - 2, count=4)


MOVES = {
    "planned": ("claimed", "sending", "cancelled", "expired"),
    "claimed": ("planned", "sending", "done", "failed", "cancelled", "expired"),
    "sending": ("planned", "sent", "delivered", "failed", "silent"),
    "sent": ("delivered", "failed", "silent"),
    "silent": ("delivered", "failed"),
    "failed": ("delivered",),
}
ALLOWED = " OR ".join(
    f"OLD.state = '{now}' AND NEW.state IN ({', '.join(repr(one) for one in then)})" for now, then in MOVES.items()
)
TOUCH = f"""
CREATE FUNCTION informing_touch_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a touch moves forward only: % does not become %', OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER moves BEFORE UPDATE OF state ON informing_touch FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state AND NOT ({ALLOWED}))
  EXECUTE FUNCTION informing_touch_moves();
CREATE FUNCTION informing_touch_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the key of a touch does not change';
END $$;
CREATE TRIGGER identity BEFORE UPDATE OF year, id, campaign_id, round, person_id, channel ON informing_touch FOR EACH ROW
  WHEN ((OLD.year, OLD.id, OLD.campaign_id, OLD.round, OLD.person_id, OLD.channel)
        IS DISTINCT FROM (NEW.year, NEW.id, NEW.campaign_id, NEW.round, NEW.person_id, NEW.channel))
  EXECUTE FUNCTION informing_touch_identity();
"""

COUNT = """
CREATE FUNCTION informing_count_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO informing_touchtally (campaign_id, wave_id, channel, state, outcome, came, change, segments, cost)
  SELECT campaign_id, wave_id, channel, state, outcome, came_on IS NOT NULL, count(*), sum(segments), sum(cost)
    FROM added GROUP BY 1, 2, 3, 4, 5, 6;
  RETURN NULL;
END $$;
CREATE TRIGGER count_new AFTER INSERT ON informing_touch REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION informing_count_new();
CREATE FUNCTION informing_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO informing_touchtally (campaign_id, wave_id, channel, state, outcome, came, change, segments, cost)
  SELECT campaign_id, wave_id, channel, state, outcome, came, sum(change), sum(segments), sum(cost)
    FROM (SELECT campaign_id, wave_id, channel, state, outcome, came_on IS NOT NULL AS came, 1 AS change, segments, cost
            FROM now
          UNION ALL
          SELECT campaign_id, wave_id, channel, state, outcome, came_on IS NOT NULL, -1, -segments, -cost
            FROM former) moved
   GROUP BY 1, 2, 3, 4, 5, 6
  HAVING sum(change) <> 0 OR sum(segments) <> 0 OR sum(cost) <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER count_changed AFTER UPDATE ON informing_touch REFERENCING OLD TABLE AS former NEW TABLE AS now
  FOR EACH STATEMENT EXECUTE FUNCTION informing_count_changed();
"""

FOREVER = """
CREATE FUNCTION informing_forever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'informing keeps its rows: % is not deleted', TG_TABLE_NAME;
END $$;
"""
OF_CAMPAIGN = "EXISTS (SELECT 1 FROM informing_campaign c WHERE c.id = {table}.campaign_id)"
TEMPLATE = "organisation_id IS NULL OR organisations_sees(organisation_id)"


class Migration(migrations.Migration):
    dependencies = [("informing", "0001_initial"), ("organisations", "0002_row_security")]

    operations = [
        migrations.RunPython(years, migrations.RunPython.noop),
        migrations.RunSQL(
            TOUCH + COUNT + FOREVER,
            "".join(
                f"DROP FUNCTION informing_{name}() CASCADE;"
                for name in ("touch_moves", "touch_identity", "count_new", "count_changed", "forever")
            ),
        ),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER forever BEFORE DELETE ON informing_{table} FOR EACH ROW"
                " EXECUTE FUNCTION informing_forever();",
                f"DROP TRIGGER IF EXISTS forever ON informing_{table};",
            )
            for table in KEPT
        ],
        *[protect(f"informing_{table}", seen(table)) for table in PERSONAL],
        *[
            protect(f"informing_{table}", OF_CAMPAIGN.format(table=f"informing_{table}"))
            for table in ("rung", "wave", "touchtally")
        ],
        protect("informing_template", TEMPLATE),
    ]
