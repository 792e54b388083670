"""What nobody has looked at, and what has doubled since, is looked at; the rest is left alone."""

from django.db import connection

from opora.shared.statistics import refresh

ROWS = "INSERT INTO {table} SELECT n, repeat('x', 200) FROM generate_series(1, %s) n"


def test_fresh_and_doubled_tables_alone(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE looked (id int, words text)")
        cursor.execute("CREATE TABLE cut (id int, words text) PARTITION BY RANGE (id)")
        cursor.execute("CREATE TABLE cut_low PARTITION OF cut FOR VALUES FROM (0) TO (100000)")
        cursor.execute("CREATE TABLE cut_high PARTITION OF cut FOR VALUES FROM (100000) TO (200000)")
        cursor.execute(ROWS.format(table="looked"), [10])
        assert refresh(["looked", "cut"]) == [], "a few rows need no statistics"
        for table in ("looked", "cut"):
            cursor.execute(ROWS.format(table=table), [2000])
        assert sorted(refresh(["looked", "cut"])) == ["cut_low", "looked"]
        assert refresh(["looked", "cut"]) == []
        cursor.execute(ROWS.format(table="looked"), [5000])
        assert refresh(["looked", "cut"]) == ["looked"]
