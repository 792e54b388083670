-- What a file of appeals says, moments by the clock of ``zone``: one row per appeal, in no order. Read by
-- appeals.listing.exported, thousands at a time. Row security keeps applicants from whose grant does not reach them.
-- Words of kinds, topics and organisations are put in by the program: a few hundred for millions of rows.
SELECT a.id, a.number, to_char(a.registered_at AT TIME ZONE %(zone)s, 'DD.MM.YYYY HH24:MI') AS registered,
       to_char(a.closed_at AT TIME ZONE %(zone)s, 'DD.MM.YYYY HH24:MI') AS closed, a.kind, a.channel, a.stage,
       a.topic_code, a.topic_id, a.flags, a.outcome, a.verdict, a.handler_id,
       concat_ws(' ', p.surname, p.given_name, nullif(p.patronymic, '')) AS person, p.enp, p.phone
  FROM appeals_appeal a
  LEFT JOIN appeals_party p ON p.appeal_id = a.id AND p.role = 'applicant'
 WHERE a.id = ANY(%(appeals)s)
