-- What failures have more often than requests have it, of those that tell
-- where: failures
SELECT column, value, sum(failed) AS failures, sum(asked) AS requests,
  sum(failed) / greatest(1, any(all_failed)) AS share_of_failures, sum(asked) / greatest(1, any(all_asked)) AS share_of_requests,
  share_of_failures - share_of_requests AS surplus
FROM (
  SELECT column, value, failed, asked, sum(failed) OVER (PARTITION BY column) AS all_failed, sum(asked) OVER (PARTITION BY column) AS all_asked
  FROM (
    SELECT peer, host, upstream, count() AS failed, 0 AS asked FROM failures
    WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
    GROUP BY peer, host, upstream
    UNION ALL
    SELECT peer, host, upstream, 0 AS failed, sum(requests) AS asked FROM {{traffic}}
    GROUP BY peer, host, upstream)
  ARRAY JOIN ['peer', 'host', 'upstream'] AS column, [peer, host, upstream] AS value)
WHERE value != ''
GROUP BY column, value
HAVING surplus > 0.05
ORDER BY surplus DESC, column, value
LIMIT 12
