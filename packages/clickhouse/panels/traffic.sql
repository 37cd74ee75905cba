-- Requests over time, as each kind of log tells
-- argument: step, seconds
SELECT intDiv(toUnixTimestamp(bucket), {step: UInt32}) * {step: UInt32} * 1000 AS at, source, sum(requests) AS total,
  sumIf(requests, status >= 500) AS failing
FROM {{traffic}}
GROUP BY at, source
ORDER BY at, source
LIMIT {limit: UInt32}
