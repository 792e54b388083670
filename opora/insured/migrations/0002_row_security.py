"""Row security of the register, and the fold: ``insurer`` and ``provider`` of a person follow policies and attachments."""

from django.db import migrations

from opora.shared.row_security import SEES, protect, setting

CHILDREN = [
    "insured_formername",
    "insured_identitydocument",
    "insured_personcategory",
    "insured_policy",
    "insured_attachment",
    "insured_contact",
    "insured_consent",
    "insured_personchange",
]

PERSON = f"""
CASE {SEES}
  WHEN 'all' THEN true
  WHEN 'territory' THEN territory_id = {setting("territory")}
  WHEN 'insurer' THEN insurer_id = {setting("insurer", "bigint")}
                      AND territory_id = coalesce({setting("territory")}, territory_id)
  WHEN 'provider' THEN provider_id = {setting("provider", "bigint")}
  ELSE false
END
"""

FOLD = """
CREATE FUNCTION insured_fold_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER fold_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION insured_fold_{column}();
CREATE TRIGGER fold_update AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION insured_fold_{column}();
CREATE TRIGGER fold_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION insured_fold_{column}();
"""

UNFOLD = """
DROP TRIGGER fold_insert ON {table}; DROP TRIGGER fold_update ON {table}; DROP TRIGGER fold_delete ON {table};
DROP FUNCTION insured_fold_{column}();
"""


def fold(table: str, column: str, only: str = "") -> migrations.RunSQL:
    names = {"table": table, "column": column, "only": only}
    return migrations.RunSQL(FOLD.format(**names), UNFOLD.format(**names))


class Migration(migrations.Migration):
    dependencies = [("insured", "0001_initial"), ("organisations", "0003_default_roles")]

    operations = [
        protect("insured_person", PERSON),
        *[
            protect(table, f"EXISTS (SELECT 1 FROM insured_person p WHERE p.id = {table}.person_id)")
            for table in CHILDREN
        ],
        fold("insured_policy", "insurer"),
        fold("insured_attachment", "provider", "AND r.profile = 'therapy'"),
    ]
