-- Peers: how much they were asked, how often that failed, and why most often
-- where: failures
WITH failing AS (
  SELECT peer, count() AS failures, topK(1)(mechanism)[1] AS mostly, min(time) AS first, max(time) AS last
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
  GROUP BY peer)
SELECT failing.peer AS peer, failures, asked.total AS requests,
  if(requests = 0, NULL, round(100 * failures / requests, 2)) AS failing_percent, mostly, first, last
FROM failing
LEFT JOIN (
  SELECT peer, sum(requests) AS total FROM {{traffic}}
  GROUP BY peer) AS asked ON asked.peer = failing.peer
ORDER BY failures DESC, peer
LIMIT {limit: UInt32}
