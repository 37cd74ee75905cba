import {
  type Fault,
  type FileSummary,
  type HopJoins,
  type Problem,
  problems,
  type Summary,
} from '@why502/model';
import { isoTime, orNull, place, rounded } from './spelling.ts';

/** A summary under its public names. */
export function summaryObject(summary: Summary) {
  return {
    kind: 'summary',
    files: summary.files.map(fileObject),
    lines: summary.lines,
    faults: summary.faults,
    requests: summary.requests,
    failures: summary.failures,
    masked: summary.masked,
    by_cause: summary.byCause,
    by_mechanism: summary.byMechanism,
    by_status: summary.byStatus,
    incidents: summary.incidents,
    error_lines: summary.errorLines,
    error_lines_joined: summary.errorLinesJoined,
    error_lines_suspect: summary.errorLinesSuspect,
    hops: (summary.hops ?? []).map(joinsObject),
    from: summary.from === undefined ? null : isoTime(summary.from),
    to: summary.to === undefined ? null : isoTime(summary.to),
    problems: summary.problems.map(problemObject),
  };
}

function fileObject(file: FileSummary) {
  return {
    file: file.file,
    format: orNull(file.format),
    source: orNull(file.source),
    sureness: file.sureness === undefined ? null : rounded(file.sureness, 3),
    lines: file.lines,
    faults: file.faults,
    repeated: file.repeated ?? 0,
    fault_samples: file.faultSamples.map(faultObject),
    unescaped: file.unescaped,
    read_instead: orNull(file.readInstead),
  };
}

function joinsObject({ outer, inner, joined, coverage, skew }: HopJoins) {
  return {
    outer,
    inner,
    joined,
    coverage: coverage === undefined ? null : rounded(coverage, 3),
    skew_ms: skew === undefined ? null : skew.ahead,
    skew_file: skew === undefined ? null : skew.file,
  };
}

/** `column` counts from 1 as `line` does; the model counts it from 0. */
function faultObject(fault: Fault) {
  return { ...place(fault.row), column: fault.column + 1, reason: fault.reason };
}

/** Leaves the excerpt out: it is a raw line of a log, and JSON lines are made to be passed on. */
function problemObject({ code, details }: Problem) {
  const { what, why, mend } = problems[code];
  return { code, where: orNull(details.where), what, why, mend };
}
