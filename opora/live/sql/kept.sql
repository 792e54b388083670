-- The newest batches that are kept, oldest first. Read by live.listener when it begins to listen.
-- Budget: 50 ms; at most two minutes of news, and never more than 20 000 batches.
SELECT id, body FROM (SELECT id, body FROM live_kept ORDER BY id DESC LIMIT 20000) newest ORDER BY id;
