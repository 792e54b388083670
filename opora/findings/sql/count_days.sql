-- Counts the facts of some days anew: (territory, day) pairs given as two arrays of one length.
-- Rows of those days must be gone (forget_days). Read by findings.counting. Budget: 3 µs a fact of those days.
INSERT INTO findings_day (territory, day, insurer_id, provider_id, what, code, suspicion, kind, number, over, days)
SELECT f.territory, f.day, f.insurer_id, f.provider_id, f.what, f.code, f.suspicion, f.kind, count(*),
       count(*) FILTER (WHERE f.is_over), coalesce(array_agg(f.days ORDER BY f.days) FILTER (WHERE f.days IS NOT NULL), '{}')
  FROM unnest(%(territories)s::text[], %(days)s::date[]) AS named (territory, day)
  JOIN findings_fact f ON f.territory = named.territory AND f.day = named.day
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
