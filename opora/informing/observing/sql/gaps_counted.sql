-- Open gaps by clinic and kind. Read by observing.nightly. Budget: 500 000 under 2 s.
INSERT INTO informing_gapcount (territory, insurer_id, provider_id, kind, people, late, counted_at)
SELECT territory, insurer_id, provider_id, kind, count(*), count(*) FILTER (WHERE due_on < %(today)s), %(now)s
  FROM informing_gap
 WHERE territory = %(territory)s AND closed_at IS NULL AND settled_at IS NULL
 GROUP BY territory, insurer_id, provider_id, kind
