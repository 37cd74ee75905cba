-- Failures over time by cause
-- argument: step, seconds
-- where: failures
SELECT at, of_cause AS cause, is_final AS final, failures
FROM (
  SELECT intDiv(toUnixTimestamp(time), {step: UInt32}) * {step: UInt32} * 1000 AS at, any(cause) AS of_cause,
    final AS is_final, count() AS failures
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
  GROUP BY at, cityHash64(cause), is_final)
ORDER BY at, cause
LIMIT {limit: UInt32}
