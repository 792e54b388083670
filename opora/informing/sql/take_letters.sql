-- What becomes of touches that a run has looked at: held by the run, ended, or left to wait until later.
-- Read by letters.drawing. Budget: 1 000 under 0.2 s.
UPDATE informing_touch t
   SET state = a.state,
       claimed_by = CASE WHEN a.state = 'claimed' THEN %(marker)s ELSE '' END,
       not_before = CASE WHEN a.state = 'planned' THEN %(again)s ELSE t.not_before END,
       outcome = CASE WHEN a.state = 'cancelled' THEN 'impossible' ELSE '' END,
       final_at = CASE WHEN a.state = 'cancelled' THEN %(now)s END
  FROM unnest(%(years)s::int[], %(ids)s::bigint[], %(states)s::text[]) AS a(year, id, state)
 WHERE t.year = a.year AND t.id = a.id AND t.state = 'planned'
