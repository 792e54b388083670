-- Whose chains there are: one look at the index for each. Read by appeals.chain.verify.
-- Budget: a hundred organisations under 5 ms.
WITH RECURSIVE owner AS (
  (SELECT organisation_id FROM appeals_chainlink ORDER BY organisation_id LIMIT 1)
  UNION ALL
  SELECT (SELECT l.organisation_id FROM appeals_chainlink l
           WHERE l.organisation_id > owner.organisation_id ORDER BY l.organisation_id LIMIT 1)
    FROM owner WHERE owner.organisation_id IS NOT NULL)
SELECT organisation_id FROM owner WHERE organisation_id IS NOT NULL
UNION SELECT organisation_id FROM appeals_chainhead
UNION SELECT organisation_id FROM appeals_dailyhead WHERE NOT is_foreign
 ORDER BY 1
