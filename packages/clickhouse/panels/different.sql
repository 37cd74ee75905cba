-- What failures have more often than requests have it
-- where: failures
WITH
  (SELECT count() FROM failures WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}) AS all_failures,
  (SELECT sum(requests) FROM traffic FINAL WHERE bucket >= toDateTime({since: DateTime64(3)}) AND bucket < {until: DateTime64(3)}) AS all_requests
SELECT column, value, sum(failed) AS failures, sum(asked) AS requests,
  sum(failed) / greatest(1, all_failures) AS share_of_failures, sum(asked) / greatest(1, all_requests) AS share_of_requests,
  share_of_failures - share_of_requests AS surplus
FROM (
  SELECT column, value, count() AS failed, 0 AS asked
  FROM failures
  ARRAY JOIN ['peer', 'host', 'upstream'] AS column, [peer, host, upstream] AS value
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND value != '' AND {{where}}
  GROUP BY column, value
  UNION ALL
  SELECT column, value, 0 AS failed, sum(requests) AS asked
  FROM traffic FINAL
  ARRAY JOIN ['peer', 'host', 'upstream'] AS column, [peer, host, upstream] AS value
  WHERE bucket >= toDateTime({since: DateTime64(3)}) AND bucket < {until: DateTime64(3)} AND value != ''
  GROUP BY column, value)
GROUP BY column, value
HAVING surplus > 0.05
ORDER BY surplus DESC, column, value
LIMIT 12
