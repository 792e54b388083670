-- Opens the cases of complaints that insurers and funds answer for, and moves those that are there to who answers now.
-- A complaint on an insurer itself is the fund's, whoever holds the appeal at this moment.
-- Gives a row for each case it touched: whose it was (NULL — the fund's), whether it is new.
-- Read by complaints.services.following.follow for the appeals a chainer has just placed; budget: 5 ms for 500 appeals.
INSERT INTO complaints_case (appeal_id, territory, insurer_id, speaks, consent, consent_note, decision, ground,
                             ground_note, stage, due_on, opened_at, version)
SELECT appeal.id, appeal.territory_id,
       CASE WHEN handler.kind = 'fund' OR topic.rows->'pg-a'->>'complaint' = 'ж14'
              OR EXISTS (SELECT 1 FROM appeals_reason r JOIN classifiers_topic t ON t.id = r.topic_id
                          WHERE r.appeal_id = appeal.id AND t.rows->'pg-a'->>'complaint' = 'ж14') THEN NULL
            ELSE coalesce(handler.parent_id, handler.id) END,
       '', '', '', '', '', '', 'opened', coalesce(appeal.due_on, '9999-12-31'), %(now)s, 1
  FROM appeals_appeal appeal
  JOIN organisations_organisation handler ON handler.id = appeal.handler_id
  JOIN classifiers_topic topic ON topic.id = appeal.topic_id
 WHERE appeal.id = ANY(%(appeals)s) AND appeal.kind = 'complaint' AND appeal.closed_at IS NULL
   AND handler.kind IN ('fund', 'insurer', 'branch')
    ON CONFLICT (appeal_id) DO UPDATE
   SET insurer_id = excluded.insurer_id, expert_id = NULL, version = complaints_case.version + 1
 WHERE complaints_case.insurer_id IS DISTINCT FROM excluded.insurer_id
RETURNING new.appeal_id, old.insurer_id AS former, old.appeal_id IS NULL AS is_new
