-- What fails most, and why
-- where: failures
SELECT of_cause AS cause, of_mechanism AS mechanism, failures, mean_confidence, first, last
FROM (
  SELECT any(cause) AS of_cause, any(mechanism) AS of_mechanism, count() AS failures, avg(confidence) AS mean_confidence,
    toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
  GROUP BY cityHash64(cause), cityHash64(mechanism))
ORDER BY failures DESC, mechanism
LIMIT {limit: UInt32}
