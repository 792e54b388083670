-- Adds what one session saw to the minute of its provider. Read by channels.services.note_figures. One row.
INSERT INTO channels_health (provider_id, organisation_id, minute, accepted, refused, unanswered, unavailable, answered,
                             seconds)
VALUES (%(provider)s, %(organisation)s, date_trunc('minute', %(now)s::timestamptz), %(accepted)s, %(refused)s,
        %(unanswered)s, %(unavailable)s, %(answered)s, %(seconds)s)
    ON CONFLICT (provider_id, minute) DO UPDATE
   SET accepted = channels_health.accepted + excluded.accepted,
       refused = channels_health.refused + excluded.refused,
       unanswered = channels_health.unanswered + excluded.unanswered,
       unavailable = channels_health.unavailable + excluded.unavailable,
       answered = channels_health.answered + excluded.answered,
       seconds = channels_health.seconds + excluded.seconds
RETURNING accepted
