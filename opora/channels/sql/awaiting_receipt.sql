-- Ids of messages a provider accepted in the last days and has said nothing final of. Newest first, at most as many as
-- asked. Read by channels.receipts.awaiting. Cost: 100 000 messages took 4.7 s on a machine five
-- times overloaded (load 11 on two cores); asked once a session, in a thread of its own.
SELECT accepted.message_id
  FROM channels_receipt accepted
 WHERE accepted.provider_id = %(provider)s AND accepted.state = 'accepted' AND accepted.message_id <> ''
   AND accepted.received_at > %(now)s::timestamptz - %(memory)s::interval
   AND NOT EXISTS (
         SELECT 1
           FROM channels_receipt said
          WHERE said.provider_id = %(provider)s AND said.message_id = accepted.message_id
            AND said.received_at > %(now)s::timestamptz - %(memory)s::interval
            AND said.state = ANY(%(final)s))
 ORDER BY accepted.received_at DESC
 LIMIT %(most)s
