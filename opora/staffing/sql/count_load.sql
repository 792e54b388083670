-- Counts half-hours anew: (line, at) pairs as two arrays of one length. What the exchange has told stays as it is.
-- Every call of the journal was answered, or there would be no appeal; how long they talked is not known.
-- Read by staffing.counting. Budget: 10 µs a half-hour.
INSERT INTO staffing_load (line_id, territory, insurer_id, at, source, calls, answered, abandoned)
SELECT l.id, l.territory, l.insurer_id, named.at, 'journal', count(c.appeal_id), count(c.appeal_id), 0
  FROM unnest(%(lines)s::bigint[], %(ats)s::timestamptz[]) AS named (line_id, at)
  JOIN staffing_line l ON l.id = named.line_id
  LEFT JOIN staffing_countedcall c ON c.line_id = named.line_id AND c.at = named.at
 GROUP BY l.id, l.territory, l.insurer_id, named.at
ON CONFLICT (line_id, at) DO UPDATE SET calls = excluded.calls, answered = excluded.answered
 WHERE staffing_load.source = 'journal'
