-- Says where a range of links ends, when its events happened, and whether other events crowd the same time (then they
-- are looked up one by one, else read in one sweep). Read by appeals.chain.links. Budget: 20 ms for 50 000 links.
SELECT s.upto, s.since, s.until, s.links,
       (SELECT count(*) FROM (SELECT 1 FROM appeals_event e WHERE e.at >= s.since AND e.at <= s.until
                               LIMIT %(most)s * 4) near) AS crowd
  FROM (SELECT max(position) AS upto, min(event_at) AS since, max(event_at) AS until, count(*) AS links
          FROM (SELECT position, event_at FROM appeals_chainlink
                 WHERE organisation_id = %(organisation)s AND position > %(after)s
                 ORDER BY position LIMIT %(most)s) ahead) s
