import type { Row } from './api.ts';

const thousands = new Intl.NumberFormat('en-US');
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const seconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** Numbers of 64 bits come as text. */
export function count(row: Row | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}

export function text(row: Row | undefined, column: string): string {
  return String(row?.[column] ?? '');
}

export function number(value: number): string {
  return thousands.format(value);
}

/** `13.9 %`; never 0 % for some nor 100 % for not quite all. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '-';
  if (part === 0) return '0 %';
  if (part === whole) return '100 %';
  const percent = (100 * part) / whole;
  return percent < 0.1 ? '< 0.1 %' : `${Math.min(percent, 99.9).toFixed(1)} %`;
}

/** `94 %`, rounded down: 99.6 % sure is not 100 % sure. */
export function sureness(probability: number): string {
  return `${Math.floor(100 * probability + 1e-9)} %`;
}

/** In the zone of whoever looks. */
export function time(at: number, precise = true): string {
  return (precise ? seconds : clock).format(at);
}

export function dayAndTime(at: number): string {
  return `${day.format(at)}, ${seconds.format(at)}`;
}

/** For a pointer that rests on a time. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** The label of a tick on an axis whose ticks are so far apart, ms. */
export function tick(at: number, apart: number): string {
  if (apart >= 86_400_000) return day.format(at);
  return time(at, apart < 60_000);
}

/** The two largest units: `11 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function lasting(ms: number): string {
  const all = Math.round(ms / 1_000);
  if (all < 1) return 'less than 1 s';
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(all / 86_400), 'd'],
    [Math.floor(all / 3_600) % 24, 'h'],
    [Math.floor(all / 60) % 60, 'min'],
    [all % 60, 's'],
  ];
  const largest = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(largest, largest + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
