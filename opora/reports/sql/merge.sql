-- Makes facts what «wanted» says: new ones and those that differ are written, those not in it are deleted, the rest are
-- not touched. {mine} says which facts «wanted» speaks of. One row: facts wanted, written, deleted.
-- PostgreSQL thinks that one row lies between two uuids, whatever lies there: a fact is looked up by its key and keys are
-- asked for in a hashed list, else twenty thousand are compared with twenty thousand.
-- Read by reports.filling.
WITH wanted AS MATERIALIZED (
{wanted}),
gone AS (
  DELETE FROM {table} f WHERE {mine} AND f.{key} NOT IN (SELECT w.{key} FROM wanted w) RETURNING 1),
made AS (
  INSERT INTO {table} ({columns})
  SELECT {wanted_columns}
    FROM wanted w
    LEFT JOIN {table} f ON f.{key} = w.{key}
   WHERE f.{key} IS NULL OR ({fact_columns}) IS DISTINCT FROM ({wanted_columns})
      ON CONFLICT ({key}) DO UPDATE SET {updates}
  RETURNING 1)
SELECT (SELECT count(*) FROM wanted) AS wanted, (SELECT count(*) FROM made) AS made, (SELECT count(*) FROM gone) AS gone
