import type { OrdinaryReading } from '../lines.ts';
import { ordinaryRows, type RowNames } from '../ordinary/ordinary-rows.ts';
import type { Layout } from './log-format.ts';

/**
 * Ordinary lines of a `log_format`, many at once.
 * @param fields how many of the fields are looked at
 */
export function ordinaryLines(layout: Layout, fields: number, names: RowNames): OrdinaryReading | undefined {
  const { at, steps, keys } = layout;
  const [kind, time] = at.msec >= 0 ? [0, at.msec] : at.iso >= 0 ? [1, at.iso] : [2, at.local];
  const form = [steps.lead.length, fields, kind, keys === undefined ? 0 : 1];
  const wanted = [time, at.status, at.request, at.target, at.host, at.service, at.duration];
  const plan = [...form, ...wanted, at.peers, at.statuses, at.connects];
  return ordinaryRows({ kind: 'nginx', steps, plan }, names);
}
