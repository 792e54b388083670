-- Answered calls of a neighbour's lines, both ways: whose line it was, who served it, how many and how long. since and
-- until are moments, half-open. Read by telephony.figures.served_for_others. Budget: a month under 0.5 s.
SELECT c.organisation_id AS whose, o.name AS whose_name, c.served_id AS served, s.name AS served_name,
       count(*) AS calls, sum(c.talked)::bigint AS talk_seconds
  FROM telephony_call c
  JOIN organisations_organisation o ON o.id = c.organisation_id
  JOIN organisations_organisation s ON s.id = c.served_id
 WHERE c.result = 'answered' AND c.direction = 'in' AND c.organisation_id <> c.served_id
   AND c.began_at >= %(since)s AND c.began_at < %(until)s
 GROUP BY 1, 2, 3, 4 ORDER BY 2, 4
