-- Says where the next range of links ends and when its events happened. Read by appeals.chain.links.
-- Budget: 15 ms for 50 000 links.
SELECT max(position) AS upto, min(event_at) AS since, max(event_at) AS until, count(*) AS links
  FROM (SELECT position, event_at FROM appeals_chainlink
         WHERE organisation_id = %(organisation)s AND position > %(after)s
         ORDER BY position LIMIT %(most)s) ahead
