-- Counts one try under several marks and says how often it was since the first, and how many seconds are left of each
-- span. Arrays whats, marks, minutes of one length, sorted, so rows are locked in one order. Read by portal.limits.
-- Budget: 1 ms; one upsert by the unique key for each mark (three at most).
INSERT INTO portal_tally AS t (what, mark, since, count)
SELECT a.what, a.mark, clock_timestamp(), 1
  FROM unnest(%(whats)s::varchar[], %(marks)s::varchar[]) AS a(what, mark)
    ON CONFLICT (what, mark) DO UPDATE
   SET count = CASE WHEN t.since < clock_timestamp() - make_interval(mins => (
                          SELECT m.minutes FROM unnest(%(whats)s::varchar[], %(minutes)s::int[]) AS m(what, minutes)
                           WHERE m.what = t.what LIMIT 1))
                    THEN 1 ELSE t.count + 1 END,
       since = CASE WHEN t.since < clock_timestamp() - make_interval(mins => (
                          SELECT m.minutes FROM unnest(%(whats)s::varchar[], %(minutes)s::int[]) AS m(what, minutes)
                           WHERE m.what = t.what LIMIT 1))
                    THEN clock_timestamp() ELSE t.since END
RETURNING t.what, t.mark, t.count,
          extract(epoch FROM t.since + make_interval(mins => (
                      SELECT m.minutes FROM unnest(%(whats)s::varchar[], %(minutes)s::int[]) AS m(what, minutes)
                       WHERE m.what = t.what LIMIT 1)) - clock_timestamp())::float8 AS seconds_left
