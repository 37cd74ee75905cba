-- What failures have in common: the most frequent value of each column
-- where: failures
SELECT column, value, count() AS failures, topK(1)(mechanism)[1] AS mostly, toUnixTimestamp64Milli(min(time)) AS first
FROM failures
ARRAY JOIN ['route', 'host', 'upstream', 'method', 'status', 'peer', 'source'] AS column,
  [route, host, upstream, method, toString(ifNull(status, 0)), peer, source] AS value
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND value != '' AND {{where}}
GROUP BY column, value
ORDER BY column, failures DESC, value
LIMIT 8 BY column
LIMIT {limit: UInt32}
