-- Writes anew the hashed words of one letter: its sender, what it is about, what was read off its scans. The hashes are
-- those of the journal (appeals_hashes) under a part of their own. Read by mailroom.services._paper.
-- Budget: 50 read pages under 50 ms; nothing but rows of one letter is read.
INSERT INTO mailroom_words (incoming_id, organisation_id, words)
SELECT i.id, i.organisation_id, appeals_hashes(9::smallint, appeals_lexemes(concat_ws(' ', i.sender, i.about, pages.text)))
  FROM mailroom_incoming i
  LEFT JOIN LATERAL (
       SELECT string_agg(p.text, ' ') AS text
         FROM mailroom_page p JOIN mailroom_scan s ON s.id = p.scan_id
        WHERE s.incoming_id = i.id) pages ON true
 WHERE i.id = %(incoming)s
ON CONFLICT (incoming_id) DO UPDATE SET words = excluded.words
RETURNING incoming_id
