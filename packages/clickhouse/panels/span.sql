-- How far the store reaches, and how much it holds
SELECT toFloat64(min(first)) * 1000 AS first, toFloat64(max(last)) * 1000 AS last, sum(verdicts) AS verdicts FROM (
  SELECT toUnixTimestamp(min(time)) AS first, toUnixTimestamp(max(time)) AS last, count() AS verdicts FROM verdicts HAVING verdicts > 0
  UNION ALL
  SELECT toUnixTimestamp(min(bucket)) AS first, toUnixTimestamp(max(bucket)) + 9 AS last, 0 AS verdicts FROM traffic HAVING count() > 0)
