-- What the judgement came to: people and segments by reason and clinic. Read by planning.DryRun.
-- A text in Cyrillic: 70 characters in one segment, else 67 in each (3GPP TS 23.040). Budget: 3 246 424 rows, 2 s.
SELECT reason, provider_id, count(*) AS people,
       sum(CASE WHEN length <= 70 THEN 1 ELSE (length + 66) / 67 END) AS segments, max(length) AS longest
  FROM judged GROUP BY reason, provider_id
