import { usePanel } from './api.ts';
import { count } from './format.ts';
import { place } from './state.ts';

/** From and to, ms since the epoch, and the width of a column, s. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Traffic is stored by so many seconds, so that shares cannot be told of less. */
const leastStep = 10;

const steps = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800];
const mostColumns = 90;
const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** What is looked at, in numbers; undefined until the store has said how far it reaches. */
export function useSpan(): Span | undefined {
  const { rows } = usePanel('span');
  const { since, until } = place.value;
  const stored = rows?.[0];
  if (stored === undefined) return undefined;
  const from = since === undefined ? count(stored, 'first') : momentOf(since);
  const to =
    until === undefined ? (since === undefined ? count(stored, 'last') + 1 : Date.now()) : momentOf(until);
  const width = Math.max(1_000, to - from) / 1_000;
  const step = steps.find((one) => width / one <= mostColumns) ?? steps.at(-1)!;
  return { from: floor(from, step), to: floor(to, step) + step * 1_000, step };
}

/** The same in columns that are wide enough for shares of traffic. */
export function ofTraffic({ from, to, step }: Span): Span {
  const wide = Math.max(leastStep, step);
  return { from: floor(from, wide), to: floor(to - 1, wide) + wide * 1_000, step: wide };
}

/** Starts of all columns, ms. */
export function columnsOf({ from, to, step }: Span): readonly number[] {
  const length = Math.min(2_000, Math.ceil((to - from) / (step * 1_000)));
  return Array.from({ length }, (_, i) => from + i * step * 1_000);
}

function momentOf(written: string): number {
  const ago = /^(\d{1,6})([smhdw])$/.exec(written);
  if (ago !== null) return Date.now() - Number(ago[1]) * units[ago[2]!]!;
  const at = Date.parse(written);
  return Number.isNaN(at) ? Date.now() : at;
}

function floor(at: number, step: number): number {
  return Math.floor(at / (step * 1_000)) * step * 1_000;
}
