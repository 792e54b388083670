-- What a line is asked about most: topics of the latest appeals of an organisation, by kind. Read by appeals.commonest.
-- Budget: 20 ms whatever the size of the journal: it looks at no more than %(most)s rows, by the index grant_by_day.
SELECT latest.kind, latest.topic_code, count(*) AS times
  FROM (SELECT g.kind, g.topic_code, g.line
          FROM appeals_grant g
         WHERE g.organisation_id = %(holder)s AND g.registered_at >= %(since)s
         ORDER BY g.registered_at DESC
         LIMIT %(most)s) latest
 WHERE latest.line = %(line)s
 GROUP BY latest.kind, latest.topic_code
 ORDER BY times DESC, latest.topic_code
