-- Makes facts what «wanted» says: new ones and those that differ are written, those not in it are deleted, the rest are
-- not touched. {mine} says which facts «wanted» speaks of. One row: facts wanted, written, deleted.
-- Read by reports.filling.
WITH wanted AS MATERIALIZED (
{wanted}),
gone AS (
  DELETE FROM {table} f WHERE {mine} AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.{key} = f.{key}) RETURNING 1),
made AS (
  INSERT INTO {table} ({columns})
  SELECT {wanted_columns}
    FROM wanted w
    LEFT JOIN (SELECT * FROM {table} f WHERE {mine}) f ON f.{key} = w.{key}
   WHERE f.{key} IS NULL OR ({fact_columns}) IS DISTINCT FROM ({wanted_columns})
      ON CONFLICT ({key}) DO UPDATE SET {updates}
  RETURNING 1)
SELECT (SELECT count(*) FROM wanted) AS wanted, (SELECT count(*) FROM made) AS made, (SELECT count(*) FROM gone) AS gone
