-- Folds the changes of the count of open cases into one row for each place, stage and day; nothing is left for none.
-- Read by complaints.services.tally.fold_tally; budget: 20 ms for an hour of changes.
WITH gone AS (DELETE FROM complaints_casetally RETURNING territory, insurer_id, stage, due_on, change)
INSERT INTO complaints_casetally (territory, insurer_id, stage, due_on, change)
SELECT territory, insurer_id, stage, due_on, sum(change)
  FROM gone GROUP BY territory, insurer_id, stage, due_on HAVING sum(change) <> 0
