import {
  type LogRecord,
  redactId,
  redactName,
  redactTarget,
  redactText,
  type Story,
  type StoryRow,
} from '@why502/model';
import { isoTime, orNull, rounded } from './spelling.ts';

/** The story of a request, under its public names. The verdicts follow as lines of their own. */
export function storyObject({ asked, rows, untold, verdicts, logs }: Story) {
  return {
    kind: 'story',
    asked: asked.map(({ kind, value }) => ({ kind, value: redactId(value) })),
    rows: rows.map(rowObject),
    untold,
    verdicts: verdicts.map(({ id }) => id),
    logs: logs.map(({ file, source, from, to, holdsSuchIds, found }) => ({
      file,
      source,
      from: from === undefined ? null : isoTime(from),
      to: to === undefined ? null : isoTime(to),
      holds_such_ids: holdsSuchIds,
      found,
    })),
  };
}

function rowObject({ record, at, by }: StoryRow) {
  const { source, file, line } = record.row;
  return { source, file, line, time: isoTime(at), by, ...seen(record) };
}

function seen(record: LogRecord) {
  if (record.kind === 'error_line') {
    const { message, peer } = record;
    return {
      status: null,
      method: null,
      host: null,
      path: null,
      peer: peer === undefined ? null : redactName(peer),
      duration_ms: null,
      message: redactText(message),
    };
  }
  const { status, method, host, target, attempts, duration } = record;
  const peer = attempts.at(-1)?.peer;
  return {
    status,
    method: method === undefined ? null : redactText(method),
    host: host === undefined ? null : redactName(host),
    path: target === undefined ? null : orNull(redactTarget(target)),
    peer: peer === undefined ? null : redactName(peer),
    duration_ms: duration === undefined ? null : rounded(duration, 3),
    message: null,
  };
}
