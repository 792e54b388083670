-- Takes the counts of some days away before they are counted anew; pairs as in count_days. Read by findings.counting.
-- Budget: 1 µs a row.
DELETE FROM findings_day d
 USING unnest(%(territories)s::text[], %(days)s::date[]) AS named (territory, day)
 WHERE d.territory = named.territory AND d.day = named.day
