"""The dictionaries learn every new surname and given name; those already in the register are learnt here.

Which rows: one per distinct name of persons and former names. Inserts are learnt a statement at a time, so that a file
of a million people costs one grouping; changes — only where a name has really changed.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION insured_word_parts(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(part), '{}')
    FROM (SELECT translate(lower(piece), 'ё-− ''’.', 'е') AS part
            FROM regexp_split_to_table(name, '[-− ]+') AS piece) p
   WHERE part <> '' AND name ~ '[-− ]'
$$;

CREATE FUNCTION insured_word_near(key text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN length(key) BETWEEN 3 AND 40
              THEN (SELECT array_agg(DISTINCT variant)
                      FROM (SELECT key AS variant
                             UNION ALL
                            SELECT overlay(key PLACING '' FROM place FOR 1) FROM generate_series(1, length(key)) place) v)
              ELSE ARRAY[key] END
$$;
"""

# In the order of keys, so that two files loaded at once wait for each other instead of locking each other out.
LEARN = """
INSERT INTO {table} AS known (key, parts, near)
SELECT key, insured_word_parts(name), insured_word_near(key)
  FROM (SELECT {column}_key AS key, coalesce(min({name}) FILTER (WHERE {name} ~ '[-− ]'), min({name})) AS name
          FROM {source} WHERE {column}_key <> '' GROUP BY 1) word
 WHERE NOT EXISTS (SELECT 1 FROM {table} k
                    WHERE k.key = word.key AND (k.parts <> '{{}}' OR word.name !~ '[-− ]'))
 ORDER BY key
    ON CONFLICT (key) DO UPDATE SET parts = excluded.parts WHERE known.parts = '{{}}'
"""
WORDS = [
    {"table": "insured_surnameword", "column": "surname", "name": "surname"},
    {"table": "insured_givenword", "column": "given", "name": "given_name"},
]
MANY = ";".join(LEARN.format(source="added", **word) for word in WORDS)
ONE = ";".join(
    LEARN.format(source="(SELECT NEW.{column}_key, NEW.{name}) AS changed".format(**word), **word) for word in WORDS
)

TRIGGERS = f"""
CREATE FUNCTION insured_learn_many() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {MANY}; RETURN NULL; END $$;
CREATE FUNCTION insured_learn_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {ONE}; RETURN NULL; END $$;
"""
ATTACH = """
CREATE TRIGGER learn_words_of_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION insured_learn_many();
CREATE TRIGGER learn_words_of_changed AFTER UPDATE OF surname, given_name ON {table} FOR EACH ROW
  WHEN (OLD.surname IS DISTINCT FROM NEW.surname OR OLD.given_name IS DISTINCT FROM NEW.given_name)
  EXECUTE FUNCTION insured_learn_one();
"""
DETACH = "DROP TRIGGER learn_words_of_new ON {table}; DROP TRIGGER learn_words_of_changed ON {table};"
TABLES = ["insured_person", "insured_formername"]


def learn_what_is_there(apps, schema_editor):
    """Every distinct name of the rows that came before the triggers; under a scope that sees them all."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('opora.sees', 'all', true)")
        for table in TABLES:
            for word in WORDS:
                cursor.execute(LEARN.format(source=table, **word))


class Migration(migrations.Migration):
    dependencies = [("insured", "0003_words")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + TRIGGERS,
            "DROP FUNCTION insured_learn_one(); DROP FUNCTION insured_learn_many();"
            "DROP FUNCTION insured_word_near(text); DROP FUNCTION insured_word_parts(text);",
        ),
        *[migrations.RunSQL(ATTACH.format(table=table), DETACH.format(table=table)) for table in TABLES],
        migrations.RunPython(learn_what_is_there, migrations.RunPython.noop),
    ]
