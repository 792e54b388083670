-- The claim, as dispatch's claim.sql leaves it: going, or cancelled for who is gone; and who came before his hour is
-- spared, as came.sql leaves it. Read by carry.carry. Budget: 700 000 touches under 60 s.
UPDATE informing_touch t
   SET state = CASE WHEN c.fate IN ('gone', 'came') THEN 'cancelled' ELSE 'sending' END,
       final_at = CASE WHEN c.fate IN ('gone', 'came') THEN c.final_at END,
       outcome = CASE c.fate WHEN 'gone' THEN 'impossible' WHEN 'came' THEN 'passed' ELSE '' END,
       claimed_at = CASE WHEN c.fate NOT IN ('gone', 'came') THEN c.at END,
       claimed_by = CASE WHEN c.fate <> 'came' THEN %(worker)s ELSE '' END,
       gateway_id = CASE WHEN c.fate <> 'came' THEN %(gateway)s::bigint END,
       attempts = t.attempts + (c.fate NOT IN ('gone', 'came'))::int
  FROM carried c
 WHERE t.year = %(year)s AND t.id = c.id AND t.state = 'planned' AND c.goes
