-- What fails most, and why
-- where: failures
SELECT cause, mechanism, count() AS failures, avg(confidence) AS mean_confidence,
  toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY cause, mechanism
ORDER BY failures DESC, mechanism
LIMIT {limit: UInt32}
