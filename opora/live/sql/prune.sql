-- Forget batches older than two minutes, save the newest of them: by it a stream knows that it has missed nothing.
-- Read by live.news.publish, every 64th time. Budget: 5 ms for 64 rows.
WITH anchor AS (SELECT max(id) AS id FROM live_kept WHERE at < statement_timestamp() - interval '120 seconds'),
     gone AS (DELETE FROM live_kept USING anchor WHERE live_kept.id < anchor.id RETURNING 1)
SELECT count(*) AS gone FROM gone;
