"""Whose a person is turns with the day of her territory, as the nightly fold has it: not with the day of UTC.

Between midnight and seven in Novosibirsk an insurer could not make a card whose policy begins that day: the trigger
still had yesterday, and row security hid the new card from whoever was writing it. Rows are not touched.
"""

from django.db import migrations

FOLD = """
CREATE OR REPLACE FUNCTION insured_fold_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE former text := current_setting('opora.sees', true);
BEGIN
  PERFORM set_config('opora.sees', 'all', true);
  UPDATE insured_person p SET {column}_id = f.{column}_id
    FROM (SELECT c.person_id,
                 (SELECT r.{column}_id FROM {table} r
                   WHERE r.person_id = c.person_id {only} AND r.since <= d.today
                     AND (r.until IS NULL OR r.until >= d.today)
                   ORDER BY r.since DESC, r.id DESC LIMIT 1) AS {column}_id
            FROM (SELECT DISTINCT person_id FROM changed) c
            JOIN insured_person o ON o.id = c.person_id
            JOIN (SELECT code, (now() AT TIME ZONE time_zone)::date AS today
                    FROM organisations_territory) d ON d.code = o.territory_id) f
   WHERE p.id = f.person_id AND p.{column}_id IS DISTINCT FROM f.{column}_id;
  PERFORM set_config('opora.sees', coalesce(former, ''), true);
  RETURN NULL;
END $$;
"""
BY_UTC = """
CREATE OR REPLACE FUNCTION insured_fold_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE former text := current_setting('opora.sees', true);
BEGIN
  PERFORM set_config('opora.sees', 'all', true);
  UPDATE insured_person p SET {column}_id = f.{column}_id
    FROM (SELECT c.person_id,
                 (SELECT r.{column}_id FROM {table} r
                   WHERE r.person_id = c.person_id {only} AND r.since <= current_date
                     AND (r.until IS NULL OR r.until >= current_date)
                   ORDER BY r.since DESC, r.id DESC LIMIT 1) AS {column}_id
            FROM (SELECT DISTINCT person_id FROM changed) c) f
   WHERE p.id = f.person_id AND p.{column}_id IS DISTINCT FROM f.{column}_id;
  PERFORM set_config('opora.sees', coalesce(former, ''), true);
  RETURN NULL;
END $$;
"""


def fold(table: str, column: str, only: str = "") -> migrations.RunSQL:
    names = {"table": table, "column": column, "only": only}
    return migrations.RunSQL(FOLD.format(**names), BY_UTC.format(**names))


class Migration(migrations.Migration):
    dependencies = [("insured", "0010_names_behind_ends_of_numbers")]

    operations = [
        fold("insured_policy", "insurer"),
        fold("insured_attachment", "provider", "AND r.profile = 'therapy'"),
    ]
