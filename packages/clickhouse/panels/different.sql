-- What failures have more often than requests have it, of those that tell
-- where: failures
SELECT column, value, sum(failed) AS failures, sum(asked) AS requests,
  sum(failed) / greatest(1, any(all_failed)) AS share_of_failures, sum(asked) / greatest(1, any(all_asked)) AS share_of_requests,
  share_of_failures - share_of_requests AS surplus
FROM (
  SELECT column, value, failed, asked, sum(failed) OVER (PARTITION BY column) AS all_failed, sum(asked) OVER (PARTITION BY column) AS all_asked
  FROM (
    SELECT any(peer) AS of_peer, any(host) AS of_host, any(upstream) AS of_upstream, count() AS failed, 0 AS asked
    FROM failures
    WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
    GROUP BY cityHash64(cityHash64(peer), cityHash64(host), cityHash64(upstream))
    UNION ALL
    SELECT any(peer), any(host), any(upstream), 0, sum(requests) FROM {{traffic}}
    GROUP BY cityHash64(cityHash64(peer), cityHash64(host), cityHash64(upstream)))
  ARRAY JOIN ['peer', 'host', 'upstream'] AS column, [of_peer, of_host, of_upstream] AS value)
WHERE value != ''
GROUP BY column, value
HAVING surplus > 0.05
ORDER BY surplus DESC, column, value
LIMIT 12
