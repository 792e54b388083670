-- Changes of counters of touches folded into one row for each kind. Rows that somebody else folds are left to him.
-- Read by dispatch.sweep. Budget: 10 000 changes under 100 ms.
WITH taken AS (
  DELETE FROM informing_touchtally
   WHERE id IN (SELECT id FROM informing_touchtally ORDER BY id LIMIT 20000 FOR UPDATE SKIP LOCKED)
  RETURNING campaign_id, wave_id, channel, state, outcome, came, change, segments, cost
)
INSERT INTO informing_touchtally (campaign_id, wave_id, channel, state, outcome, came, change, segments, cost)
SELECT campaign_id, wave_id, channel, state, outcome, came, sum(change), sum(segments), sum(cost)
  FROM taken GROUP BY 1, 2, 3, 4, 5, 6
HAVING sum(change) <> 0 OR sum(segments) <> 0 OR sum(cost) <> 0
