-- Failures over time by what made them
-- argument: step, seconds
-- where: failures
SELECT at, of_cause AS cause, of_mechanism AS mechanism, is_final AS final, failures, bad_gateways, mean_confidence
FROM (
  SELECT intDiv(toUnixTimestamp(time), {step: UInt32}) * {step: UInt32} * 1000 AS at, any(cause) AS of_cause,
    any(mechanism) AS of_mechanism, final AS is_final, count() AS failures, countIf(status = 502) AS bad_gateways,
    avg(confidence) AS mean_confidence
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
  GROUP BY at, cityHash64(cityHash64(cause), cityHash64(mechanism)), is_final)
ORDER BY at, cause, mechanism
LIMIT {limit: UInt32}
