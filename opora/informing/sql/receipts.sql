-- Receipts of a batch folded into touches: a move that the rules do not know changes nothing, so that a doubled, late or
-- reversed receipt is harmless. One whose message the session does not remember finds it by the provider's number, or
-- by address and mark among those whose fate is in doubt. Read by dispatch.fold. Budget: 500 receipts under 40 ms.
WITH come AS (
  SELECT DISTINCT ON (id, destination, mark) id, destination, mark, state, outcome, at, message_id
    FROM unnest(%(ids)s::bigint[], %(destinations)s::text[], %(marks)s::int[], %(states)s::text[],
                %(outcomes)s::text[], %(ats)s::timestamptz[], %(message_ids)s::text[], %(weights)s::int[])
           AS r(id, destination, mark, state, outcome, at, message_id, weight)
   ORDER BY id, destination, mark, weight DESC
), found AS (
  SELECT t.year, t.id, come.state, come.outcome, come.at, come.message_id
    FROM come JOIN informing_touch t ON t.id = come.id AND t.year = ANY(%(years)s::int[])
   WHERE come.id IS NOT NULL
  UNION ALL
  SELECT t.year, t.id, come.state, come.outcome, come.at, come.message_id
    FROM come JOIN informing_touch t ON t.gateway_id = %(gateway)s AND t.message_id = come.message_id
                                    AND t.message_id <> ''
   WHERE come.id IS NULL AND come.message_id <> ''
  UNION ALL
  SELECT t.year, t.id, come.state, come.outcome, come.at, come.message_id
    FROM come
    JOIN informing_touch t ON t.state = 'sending' AND t.claimed_at > %(doubted_since)s
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
 WHERE t.year = found.year AND t.id = found.id
   AND CASE found.state WHEN 'sent' THEN t.state = 'sending'
                        WHEN 'delivered' THEN t.state IN ('sending', 'sent', 'silent', 'failed')
                        WHEN 'failed' THEN t.state IN ('sending', 'sent', 'silent')
                        WHEN 'silent' THEN t.state IN ('sending', 'sent') END
