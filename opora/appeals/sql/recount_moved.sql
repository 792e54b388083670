-- Clocks whose last day is another now. Read by appeals.recount.moved. Budget: 1 000 000 running clocks under 5 s.
SELECT a.number, c.title, c.due_on AS was, r.due_on AS now
  FROM appeals_clock c
  JOIN recounted r USING (term, started_on, territory, extension, pauses)
  JOIN appeals_appeal a ON a.id = c.appeal_id
 WHERE c.state = 'running' AND c.due_on <> r.due_on
 ORDER BY a.number, c.id
