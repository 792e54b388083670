-- Receipts of messages that were given up as lost and wait to go again: their touches are being sent after all, so that
-- the receipt folds and nobody is told twice. By our number, else by address and mark.
-- Read by dispatch.fold, before receipts.sql. Budget: 500 receipts under 10 ms, by the key and by the index of the doubted.
WITH come AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(receipts)s::jsonb) AS r(id bigint, destination text, mark int)
)
UPDATE informing_touch t
   SET state = 'sending', claimed_at = now()
 WHERE t.year = ANY(%(years)s::int[]) AND t.state = 'planned' AND t.doubts > 0
   AND t.id = ANY(ARRAY(
         SELECT id FROM come WHERE id IS NOT NULL
          UNION ALL
         SELECT d.id
           FROM come
           JOIN informing_touch d ON d.state = 'planned' AND d.doubts > 0 AND d.year = ANY(%(years)s::int[])
                                 AND d.gateway_id = %(gateway)s AND d.address = come.destination
                                 AND (come.mark IS NULL OR come.mark = greatest(d.id & 65535, 1))
          WHERE come.id IS NULL AND come.destination <> ''))
