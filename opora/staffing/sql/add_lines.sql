-- A hot line for every fund, insurer and branch that took an appeal by telephone and has none: of %(appeals)s, NULL — of
-- all. Read by staffing.counting. Budget: 2 µs an appeal.
INSERT INTO staffing_line (organisation_id, territory, insurer_id, code)
SELECT DISTINCT o.id, o.territory_id, CASE WHEN o.kind <> 'fund' THEN coalesce(o.parent_id, o.id) END, 'hot'
  FROM appeals_appeal a
  JOIN organisations_organisation o ON o.id = a.organisation_id AND o.kind IN ('fund', 'insurer', 'branch')
 WHERE a.channel = 'hot_line' AND (%(appeals)s::uuid[] IS NULL OR a.id = ANY(%(appeals)s::uuid[]))
ON CONFLICT (organisation_id, code) DO NOTHING
