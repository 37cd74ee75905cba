-- Failures over time by cause
-- argument: step, seconds
-- where: failures
SELECT intDiv(toUnixTimestamp(time), {step: UInt32}) * {step: UInt32} * 1000 AS at, cause, final, count() AS failures
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY at, cause, final
ORDER BY at, cause
LIMIT {limit: UInt32}
