-- What the judgement came to: people and segments by reason, clinic and language of the text. Read by planning. Budget: 3 246 424 rows, 2 s.
SELECT reason, provider_id, language, count(*) AS people, sum(segments) AS segments, max(length) AS longest
  FROM judged GROUP BY reason, provider_id, language
