-- Writes what the exchange has counted: arrays of one length, one half-hour each; a repeat replaces.
-- Read by staffing.counting. Budget: 10 µs a half-hour.
INSERT INTO staffing_load (line_id, territory, insurer_id, at, source, calls, answered, abandoned, talk_seconds)
SELECT l.id, l.territory, l.insurer_id, told.at, 'exchange', told.calls, told.answered, told.abandoned, told.talk
  FROM unnest(%(lines)s::bigint[], %(ats)s::timestamptz[], %(calls)s::int[], %(answered)s::int[], %(abandoned)s::int[],
              %(talks)s::int[]) AS told (line_id, at, calls, answered, abandoned, talk)
  JOIN staffing_line l ON l.id = told.line_id
ON CONFLICT (line_id, at) DO UPDATE
   SET source = excluded.source, calls = excluded.calls, answered = excluded.answered, abandoned = excluded.abandoned,
       talk_seconds = excluded.talk_seconds
