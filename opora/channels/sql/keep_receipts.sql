-- Stores a batch of receipts of one provider. The reference comes from the batch, or from what was kept before of the
-- same message; without one the address and the mark are kept, to find it later.
-- Returns each receipt with its reference, and those of the last days that waited for a reference the batch brings.
-- Read by channels.receipts.keep. Cost: 500 receipts with 200 000 kept took 75-79 ms on a
-- machine five times overloaded (load 11 on two cores).
WITH come AS (
  SELECT *
    FROM jsonb_to_recordset(%(receipts)s::jsonb)
           AS come(id uuid, message_id text, reference uuid, state text, at timestamptz, code text, destination text,
                   mark int, place int)
), named AS (
  SELECT come.id, come.message_id, come.state, come.at, come.code, come.destination, come.mark, come.place,
         coalesce(come.reference, (
           SELECT kept.reference
             FROM channels_receipt kept
            WHERE kept.provider_id = %(provider)s AND kept.message_id = come.message_id AND come.message_id <> ''
              AND kept.received_at > %(since)s AND kept.received_at < %(until)s AND kept.reference IS NOT NULL
            LIMIT 1)) AS reference
    FROM come
), kept AS (
  INSERT INTO channels_receipt (received_at, id, provider_id, organisation_id, message_id, reference, state, at, code,
                                destination, mark)
  SELECT %(now)s, id, %(provider)s, %(organisation)s, message_id, reference, state, at, code,
         CASE WHEN reference IS NULL THEN destination ELSE '' END, CASE WHEN reference IS NULL THEN mark END
    FROM named
)
SELECT state, at, message_id, destination, reference, mark, code, place
  FROM named
UNION ALL
SELECT early.state, early.at, early.message_id, early.destination, named.reference, early.mark, early.code, 0
  FROM named
  JOIN channels_receipt early
    ON early.provider_id = %(provider)s AND early.message_id = named.message_id AND early.reference IS NULL
   AND early.received_at > %(since)s AND early.received_at < %(until)s
 WHERE named.state = 'accepted' AND named.message_id <> ''
 ORDER BY place
