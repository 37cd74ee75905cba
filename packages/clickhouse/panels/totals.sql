-- Failures of a stretch of time, and how sure their reasons are
-- where: failures
SELECT count() AS failures, countIf(decision = 'unexplained') AS unexplained, countIf(decision = 'ambiguous') AS ambiguous,
  countIf(confidence >= 0.9) AS sure, countIf(certainty = 'direct') AS direct,
  countIf(certainty = 'corroborated') AS corroborated, countIf(certainty = 'contextual') AS contextual,
  countIf(certainty = 'guess') AS guess, countIf(length(rows) > 1) AS joined, countIf(NOT final) AS provisional,
  countIf(revision > 0) AS revised
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
