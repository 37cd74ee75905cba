-- Failed requests, the latest first
-- where: failures
SELECT id, toUnixTimestamp64Milli(time) AS at, source, file, line, status, method, host, path, upstream, peer, duration_ms,
  hop, cause, mechanism, confidence, certainty, incident, request_id
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
ORDER BY time DESC, id
LIMIT {limit: UInt32}
