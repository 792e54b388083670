-- How many events each organisation has and how many of them wait for a place, each set with the sum of the marks of its
-- events. A mark is a hash of the event's key under a seed drawn for this check: sets of equal size and equal sum are
-- the same set, and nobody who wrote into the table before could know the seed. Read by appeals.chain.verify.
-- Budget: 0.4 µs an event.
SELECT organisation_id, false AS waits, count(*) AS number,
       sum(uuid_hash_extended(id, %(seed)s) # timestamp_hash_extended(at AT TIME ZONE 'UTC', %(seed)s)) AS marks
  FROM appeals_event GROUP BY organisation_id
UNION ALL
SELECT organisation_id, true, count(*),
       sum(uuid_hash_extended(id, %(seed)s) # timestamp_hash_extended(at AT TIME ZONE 'UTC', %(seed)s))
  FROM appeals_unchained GROUP BY organisation_id
