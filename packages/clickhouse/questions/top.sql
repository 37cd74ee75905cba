-- What fails most, and why
-- where: failures
SELECT cause, mechanism, count() AS failures,
  round(100 * failures / sum(failures) OVER (), 1) AS share_percent,
  round(avg(confidence), 3) AS mean_confidence,
  uniqExact(upstream) AS services, min(time) AS first, max(time) AS last
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY cause, mechanism
ORDER BY failures DESC, mechanism
LIMIT {limit: UInt32}
