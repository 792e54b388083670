-- Keep one batch of news and tell it to the stream processes. Read by live.news.publish.
-- Budget: 1 ms; the table is unlogged, the message is sent when the transaction commits.
WITH kept AS (INSERT INTO live_kept (body) VALUES (%(body)s) RETURNING id)
SELECT id, pg_notify('opora_live', id || ' ' || %(body)s) FROM kept;
