-- Routes that fail most, and why most often
-- where: failures
SELECT host, route, count() AS failures, topK(1)(mechanism)[1] AS mostly,
  round(quantile(0.5)(duration_ms)) AS median_ms, uniqExact(peer) AS peers, min(time) AS first, max(time) AS last
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY host, route
ORDER BY failures DESC, host, route
LIMIT {limit: UInt32}
