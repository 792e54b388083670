-- Receipts of a batch folded into touches: a move that the rules do not know changes nothing, so that a doubled, late or
-- reversed receipt is harmless. One whose message the session does not remember finds it by the provider's number, or
-- by address and mark among those whose fate is in doubt or was given up. Read by dispatch.fold. Budget: 500 receipts under 40 ms, by the
-- key whatever the size of the year: what is found bounds what is looked at.
WITH told AS (
  SELECT *
    FROM jsonb_to_recordset(%(receipts)s::jsonb)
           AS r(id bigint, destination text, mark int, state text, outcome text, at timestamptz, message_id text, weight int)
), come AS MATERIALIZED (
  SELECT DISTINCT ON (id, destination, mark, CASE WHEN id IS NULL THEN message_id END) *
    FROM told
   ORDER BY id, destination, mark, CASE WHEN id IS NULL THEN message_id END, weight DESC
), found AS MATERIALIZED (
  SELECT t.year, t.id, come.state, come.outcome, come.at, come.message_id
    FROM come
   CROSS JOIN LATERAL (SELECT year, id FROM informing_touch
                        WHERE year = ANY(%(years)s::int[]) AND id = come.id LIMIT 1) t
   WHERE come.id IS NOT NULL
  UNION ALL
  SELECT t.year, t.id, come.state, come.outcome, come.at, come.message_id
    FROM come
   CROSS JOIN LATERAL (SELECT year, id FROM informing_touch
                        WHERE year = ANY(%(years)s::int[]) AND gateway_id = %(gateway)s
                          AND message_id = come.message_id AND message_id <> '' LIMIT 1) t
   WHERE come.id IS NULL AND come.message_id <> ''
  UNION ALL
  SELECT t.year, t.id, come.state, come.outcome, come.at, come.message_id
    FROM come
    JOIN informing_touch t ON t.state = 'sending' AND t.claimed_at > %(doubted_since)s
                          AND t.gateway_id = %(gateway)s AND t.address = come.destination
                          AND (come.mark IS NULL OR come.mark = greatest(t.id & 65535, 1))
   WHERE come.id IS NULL AND come.destination <> ''
  UNION ALL
  SELECT t.year, t.id, come.state, come.outcome, come.at, come.message_id
    FROM come
    JOIN informing_touch t ON t.state = 'silent' AND t.doubts > 0
                          AND t.gateway_id = %(gateway)s AND t.address = come.destination
                          AND (come.mark IS NULL OR come.mark = greatest(t.id & 65535, 1))
   WHERE come.id IS NULL AND come.destination <> ''
)
UPDATE informing_touch t
   SET state = found.state, outcome = found.outcome,
       sent_at = coalesce(t.sent_at, found.at),
       message_id = CASE WHEN t.message_id = '' THEN left(found.message_id, 64) ELSE t.message_id END,
       cost = CASE WHEN t.sent_at IS NULL THEN t.segments * %(price)s ELSE t.cost END,
       final_at = CASE WHEN found.state = 'sent' THEN NULL ELSE found.at END
  FROM found
 WHERE t.year = ANY(%(years)s::int[]) AND t.id = ANY(ARRAY(SELECT id FROM found))
   AND t.year = found.year AND t.id = found.id
   AND CASE found.state WHEN 'sent' THEN t.state = 'sending'
                        WHEN 'delivered' THEN t.state IN ('sending', 'sent', 'silent', 'failed')
                        WHEN 'failed' THEN t.state IN ('sending', 'sent', 'silent')
                        WHEN 'silent' THEN t.state IN ('sending', 'sent') END
