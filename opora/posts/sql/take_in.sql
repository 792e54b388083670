-- Envelopes of one batch that have not been here yet, kept in their order; returns the keys of those that were kept.
-- A key that waits already stays as it is. Read by posts.taking. Budget: 20 envelopes under 3 ms.
INSERT INTO posts_arrival (
    key, territory, insurer_id, post_id, assignment_id, purpose, device_now, arrived_at, next_at, tries, seal, point,
    nonce, text)
SELECT told.key, %(territory)s, %(insurer)s, %(post)s, %(assignment)s, %(purpose)s, %(device_now)s, %(now)s, %(now)s, 0,
       told.seal, told.point, told.nonce, told.text
  FROM unnest(%(keys)s::uuid[], %(seals)s::uuid[], %(points)s::bytea[], %(nonces)s::bytea[], %(texts)s::bytea[])
       WITH ORDINALITY AS told(key, seal, point, nonce, text, place)
 ORDER BY told.place
ON CONFLICT (key, territory, insurer_id) DO NOTHING
RETURNING key
