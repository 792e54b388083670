-- Proves a range of links of one chain: each after the one before, its event there, its hash right.
-- Read by appeals.chain.links. ``former`` is the stored hash of the link at ``after``; since and until enclose the
-- moments of the events in the range. OFFSET 0: without it the hashes are counted once for each aggregate that asks.
-- ``mark`` is what chain_marks adds up from the side of the events. Budget: 4 µs a link on one core.
SELECT count(*) AS links, count(*) FILTER (WHERE NOT whole) AS broken, min(position) FILTER (WHERE NOT whole) AS first,
       coalesce(sum(mark), 0) AS marks
  FROM (SELECT l.position,
               uuid_hash_extended(e.id, %(seed)s) # timestamp_hash_extended(e.at AT TIME ZONE 'UTC', %(seed)s) AS mark,
               coalesce(l.before = l.position - 1 AND e.organisation_id = %(organisation)s
                        AND l.hash = pg_catalog.sha256(l.former || pg_catalog.int8send(l.position) || digest_of_event),
                        false) AS whole
          FROM (SELECT position, event_at, event_id, hash,
                       lag(position, 1, %(after)s::bigint) OVER w AS before,
                       lag(hash, 1, %(former)s::bytea) OVER w AS former
                  FROM appeals_chainlink
                 WHERE organisation_id = %(organisation)s AND position > %(after)s AND position <= %(upto)s
                WINDOW w AS (ORDER BY position)) l
          LEFT JOIN (SELECT * FROM appeals_event
                      WHERE at >= %(since)s::timestamptz AND at <= %(until)s::timestamptz
                        AND organisation_id = %(organisation)s) e
            ON e.at = l.event_at AND e.id = l.event_id
        OFFSET 0) proved
