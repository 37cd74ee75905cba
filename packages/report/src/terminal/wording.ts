import type { Counted, FileSummary, Instant, Probability, RowRef } from '@why502/model';

const thousands = new Intl.NumberFormat('en-US');

/** `12,345` */
export function number(count: number): string {
  return thousands.format(count);
}

/** `1 request`, `12,345 requests` */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** What was read of a file. */
export function linesOf({ lines, faults, repeated }: FileSummary): string {
  const odd = faults === 0 ? '' : `, ${number(faults)} not understood`;
  const again = repeated === undefined ? '' : `, ${number(repeated)} of them repeated and counted once`;
  return `${counted(lines, 'line')}${odd}${again}`;
}

/** `13.9 %`; never 0 % for some nor 100 % for not quite all. */
export function share(part: number, whole: number): string {
  if (part === 0) return '0 %';
  if (part === whole) return '100 %';
  const percent = (100 * part) / whole;
  if (percent < 0.1) return '< 0.1 %';
  return `${Math.min(percent, 99.9).toFixed(1)} %`;
}

/** `94 %`, rounded down: 99.6 % sure is not 100 % sure. */
export function sureness(probability: Probability | number): string {
  // A mean of equal numbers may end up a hair below them.
  return `${Math.floor(100 * probability + 1e-9)} %`;
}

/** `2026-11-23 06:58:59 to 06:59:10 UTC`; what both moments share stands once. */
export function period(from: Instant, to: Instant, zoneMin = 0): string {
  const [day, time] = dayAndTime(from, zoneMin);
  const [lastDay, lastTime] = dayAndTime(to, zoneMin);
  const zone = zoneName(zoneMin);
  if (day !== lastDay) return `${day} ${time} to ${lastDay} ${lastTime} ${zone}`;
  return time === lastTime ? `${day} ${time} ${zone}` : `${day} ${time} to ${lastTime} ${zone}`;
}

/** `06:58:59` */
export function clock(time: Instant, zoneMin: number): string {
  return dayAndTime(time, zoneMin)[1];
}

/** `UTC`, `+05:30` */
function zoneName(zoneMin: number): string {
  if (zoneMin === 0) return 'UTC';
  const minutes = Math.abs(zoneMin);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${zoneMin < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The two largest units: `11 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function lasting(from: Instant, to: Instant): string {
  const seconds = Math.round((to - from) / 1000);
  if (seconds < 1) return 'less than 1 s';
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const largest = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(largest, largest + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** `123 × 502, 3 × 504`, most first. */
export function statuses(byStatus: Readonly<Record<string, number>>): string {
  return Object.entries(byStatus)
    .sort(([, a], [, b]) => b - a)
    .map(([status, requests]) => `${number(requests)} × ${status}`)
    .join(', ');
}

/** `/a (100), /b (26) and 3 more` */
export function listed(items: readonly Counted[], most: number): string {
  const shown = items.slice(0, most).map(({ name, requests }) => `${name} (${number(requests)})`);
  return shown.join(', ') + (items.length > most ? ` and ${number(items.length - most)} more` : '');
}

/** `access.log:1043`, which editors and terminals can open. */
export function placed(row: RowRef): string {
  return `${row.file}:${row.line}`;
}

function dayAndTime(time: Instant, zoneMin: number): readonly [string, string] {
  const [day = '', clock = ''] = new Date(time + zoneMin * 60_000).toISOString().split('T');
  return [day, clock.slice(0, 8)];
}
