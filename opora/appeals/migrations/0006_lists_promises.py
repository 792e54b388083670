"""What the database keeps for lists by itself: hashed words that follow texts, names and signs; whose rows are whose."""

from datetime import date
from typing import Any

from django.db import migrations
from django.utils import timezone

from opora.appeals.security import ALL, ORGANISATION
from opora.shared.partitions import MONTHS_AHEAD, add_months
from opora.shared.row_security import setting

# A closed door for words: without the seed a hash says nothing, and the seed never leaves the database.
SEED = """
CREATE TABLE appeals_wordseed (seed bigint NOT NULL);
INSERT INTO appeals_wordseed
SELECT ('x' || substr(encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex'), 1, 16))::bit(64)::bigint;
CREATE FUNCTION appeals_hashes(part smallint, words text[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT hashtextextended(part || ':' || word, (SELECT seed FROM appeals_wordseed))), '{}')
    FROM unnest(words) word WHERE word <> ''
$$;
CREATE FUNCTION appeals_lexemes(words text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT tsvector_to_array(to_tsvector('russian', translate(lower(left(words, 200000)), 'ё', 'е')))
$$;
CREATE FUNCTION appeals_names(words text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_split_to_array(translate(lower(words), 'ё-', 'е '), '\\s+')
$$;
"""
KEEP = "ON CONFLICT (registered_at, appeal_id, part) DO UPDATE SET words = excluded.words"


def trigger(name: str, body: str) -> str:
    """A statement's trigger that sees every row while it runs, whoever wrote."""
    return f"""
CREATE FUNCTION appeals_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE former_scope text := current_setting('opora.sees', true);
BEGIN
  PERFORM set_config('opora.sees', 'all', true);
  {body}
  PERFORM set_config('opora.sees', coalesce(former_scope, ''), true);
  RETURN NULL;
END $$;
"""


TEXT = trigger(
    "words_of_text",
    f"""INSERT INTO appeals_words (registered_at, appeal_id, part, words)
  SELECT a.registered_at, t.appeal_id, 1, appeals_hashes(1::smallint, appeals_lexemes(t.text))
    FROM added t JOIN appeals_appeal a ON a.id = t.appeal_id WHERE t.text <> '' {KEEP};""",
)
PEOPLE = trigger(
    "words_of_people",
    f"""INSERT INTO appeals_words (registered_at, appeal_id, part, words)
  SELECT a.registered_at, a.id, 2,
         appeals_hashes(2::smallint, appeals_names(string_agg(concat_ws(' ', p.surname, p.given_name, p.patronymic), ' ')))
    FROM appeals_appeal a JOIN appeals_party p ON p.appeal_id = a.id
   WHERE a.id IN (SELECT appeal_id FROM added) GROUP BY a.registered_at, a.id
  HAVING string_agg(concat(p.surname, p.given_name, p.patronymic), '') <> '' {KEEP};""",
)
SIGNS = """array['kind:' || a.kind, 'topic:' || a.topic_code, 'channel:' || a.channel, 'form:' || a.form]
         || (SELECT coalesce(array_agg('flag:' || flag), '{}') FROM unnest(a.flags) flag)"""
NEW = trigger(
    "signs_of_new",
    f"""INSERT INTO appeals_words (registered_at, appeal_id, part, words)
  SELECT a.registered_at, a.id, 3, appeals_hashes(3::smallint, {SIGNS}) FROM added a;""",
)
CHANGED = trigger(
    "signs_of_changed",
    f"""INSERT INTO appeals_words (registered_at, appeal_id, part, words)
  SELECT a.registered_at, a.id, 3, appeals_hashes(3::smallint, {SIGNS})
    FROM changed a JOIN former f ON f.id = a.id
   WHERE (a.kind, a.topic_code, a.channel, a.form, a.flags)
         IS DISTINCT FROM (f.kind, f.topic_code, f.channel, f.form, f.flags) {KEEP};""",
)
FOLLOW = """
CREATE TRIGGER words_of_new AFTER INSERT ON appeals_appealtext REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_words_of_text();
CREATE TRIGGER words_of_changed AFTER UPDATE ON appeals_appealtext REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_words_of_text();
CREATE TRIGGER names_of_new AFTER INSERT ON appeals_party REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_words_of_people();
CREATE TRIGGER names_of_changed AFTER UPDATE ON appeals_party REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_words_of_people();
CREATE TRIGGER signs_of_new AFTER INSERT ON appeals_appeal REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_signs_of_new();
CREATE TRIGGER signs_of_changed AFTER UPDATE ON appeals_appeal REFERENCING OLD TABLE AS former NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION appeals_signs_of_changed();
"""
FUNCTIONS = ("words_of_text", "words_of_people", "signs_of_new", "signs_of_changed")
DROP = "".join(f"DROP FUNCTION appeals_{name}() CASCADE;" for name in FUNCTIONS) + (
    "DROP FUNCTION appeals_hashes(smallint, text[]); DROP FUNCTION appeals_lexemes(text);"
    "DROP FUNCTION appeals_names(text); DROP TABLE appeals_wordseed;"
)


def months(apps: Any, schema_editor: Any) -> None:
    first = date(timezone.now().year - 1, 1, 1)
    add_months("appeals_words", first, count=timezone.now().month + 12 + MONTHS_AHEAD)


def first_sheet(apps: Any, schema_editor: Any) -> None:
    """The sheet a new installation begins with; another version is a new row. Source: assumed, no act prescribes it."""
    criteria = [
        ("greeting", "Представилась и назвала организацию", "Имя, организация, чем может помочь", 2),
        ("identity", "Установила, кто обращается", "Спросила то, что нужно для этого вопроса, и не больше", 2),
        ("listening", "Поняла вопрос", "Дослушала, уточнила, повторила суть", 2),
        ("answer", "Ответила верно и полно", "По действующей карточке ответа, с нормой, если спросили", 3),
        ("steps", "Сказала, что будет дальше", "Срок, номер обращения, кто перезвонит", 2),
        ("manner", "Говорила спокойно и понятно", "Без канцелярита, без спора", 2),
        ("record", "Записала верно", "Вид, тема, признаки и текст совпадают с разговором", 2),
    ]
    apps.get_model("appeals", "ScoreSheet").objects.create(
        code="talk",
        version="1",
        title="Разговор по горячей линии",
        since=date(2026, 1, 1),
        criteria=[{"code": c, "title": t, "help": h, "most": m} for c, t, h, m in criteria],
    )


def policies(table: str, **commands: str) -> migrations.RunSQL:
    """Enable and force row security; one policy per command: every, select, insert, update, delete."""
    on = f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
    for command, rule in commands.items():
        verb = "ALL" if command == "every" else command.upper()
        clauses = {"insert": f"WITH CHECK ({rule})", "select": f"USING ({rule})", "delete": f"USING ({rule})"}
        on += f"CREATE POLICY may_{command} ON {table} FOR {verb} "
        on += clauses.get(command, f"USING ({rule}) WITH CHECK ({rule})") + ";"
    off = "".join(f"DROP POLICY may_{command} ON {table};" for command in commands)
    off += f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    return migrations.RunSQL(on, off)


HERS = f"{ALL} OR employee_id = {setting('employee', 'bigint')}"
OWN = f"{ALL} OR organisation_id = {ORGANISATION}"


class Migration(migrations.Migration):
    dependencies = [("appeals", "0005_lists")]

    operations = [
        migrations.RunPython(months, migrations.RunPython.noop),
        migrations.RunSQL(SEED + TEXT + PEOPLE + NEW + CHANGED + FOLLOW, DROP),
        migrations.RunPython(first_sheet, migrations.RunPython.noop),
        policies("appeals_savedview", every=HERS),
        policies("appeals_listcolumns", every=HERS),
        policies("appeals_export", every=HERS),
        policies("appeals_qualitysample", every=OWN),
        policies("appeals_score", every=OWN),
    ]
