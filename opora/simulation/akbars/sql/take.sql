-- The last claim of every call; who may not be phoned any more is cancelled, as calls._judged leaves him, and who has
-- come is spared. Read by calls.carry.
UPDATE informing_touch t
   SET state = CASE WHEN c.made < c.tries THEN 'cancelled' ELSE 'claimed' END,
       outcome = CASE WHEN c.made = c.tries THEN '' WHEN c.comes THEN 'passed' ELSE 'impossible' END,
       final_at = CASE WHEN c.made < c.tries THEN c.next_at END,
       claimed_at = CASE WHEN c.made = c.tries THEN c.last_at - interval '2 minutes' END,
       employee_id = CASE WHEN c.made = c.tries THEN c.employee_id END,
       not_before = CASE WHEN c.made > 1 AND c.made = c.tries THEN c.former_at + interval '3 hours' ELSE t.not_before END,
       attempts = c.made
  FROM (SELECT id, tries, bool_or(comes) AS comes, count(*) FILTER (WHERE takes_place) AS made,
               max(at) FILTER (WHERE takes_place) AS last_at, min(at) FILTER (WHERE NOT takes_place) AS next_at,
               max(at) FILTER (WHERE takes_place AND number < tries) AS former_at,
               max(employee_id) FILTER (WHERE number = tries) AS employee_id
          FROM phoned GROUP BY id, tries) c
 WHERE t.year = %(year)s AND t.id = c.id AND t.state = 'planned'
