-- The sums follow the changes gathered in told_change; a sum of nothing has no row, so a rebuild gives the same rows.
-- Read by told.keeping. Budget: some thousand rows, under 0.1 s.
MERGE INTO informing_toldcount kept
USING (SELECT year, month, territory, insurer_id, stream, sum(informed) AS informed, sum(repeated) AS repeated,
              sum(contacts) AS contacts
         FROM told_change GROUP BY year, month, territory, insurer_id, stream
       HAVING (sum(informed), sum(repeated), sum(contacts)) <> (0, 0, 0)) change
   ON (kept.year, kept.month, kept.territory, kept.stream, coalesce(kept.insurer_id, 0))
    = (change.year, change.month, change.territory, change.stream, coalesce(change.insurer_id, 0))
 WHEN MATCHED AND kept.informed + change.informed = 0 AND kept.repeated + change.repeated = 0
                  AND kept.contacts + change.contacts = 0 THEN DELETE
 WHEN MATCHED THEN UPDATE SET informed = kept.informed + change.informed, repeated = kept.repeated + change.repeated,
                              contacts = kept.contacts + change.contacts
 WHEN NOT MATCHED THEN INSERT (year, month, territory, insurer_id, stream, informed, repeated, contacts)
      VALUES (change.year, change.month, change.territory, change.insurer_id, change.stream, change.informed,
              change.repeated, change.contacts)
