-- What failures have in common: the most frequent value of each column
-- where: failures
WITH alike AS (
  SELECT any(route) AS of_route, any(host) AS of_host, any(upstream) AS of_upstream, any(method) AS of_method,
    toString(any(ifNull(status, 0))) AS of_status, any(peer) AS of_peer, any(source) AS of_source, any(mechanism) AS of_mechanism,
    count() AS requests, min(time) AS first
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
  GROUP BY cityHash64(cityHash64(route), cityHash64(host), cityHash64(upstream), cityHash64(method), ifNull(status, 0),
    cityHash64(peer), cityHash64(source), cityHash64(mechanism)))
SELECT column, value, sum(having) AS failures, argMax(of_mechanism, having) AS mostly, toUnixTimestamp64Milli(min(first)) AS first
FROM (
  SELECT column, value, of_mechanism, sum(alike.requests) AS having, min(alike.first) AS first
  FROM alike
  ARRAY JOIN ['route', 'host', 'upstream', 'method', 'status', 'peer', 'source'] AS column,
    [of_route, of_host, of_upstream, of_method, of_status, of_peer, of_source] AS value
  WHERE value != ''
  GROUP BY column, value, of_mechanism)
GROUP BY column, value
ORDER BY column, failures DESC, value
LIMIT 8 BY column
LIMIT {limit: UInt32}
