/** `20261126T101500Z`. */
export function compact(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** `2026-11-26T10:15:00.123456Z`. */
export function micros(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  const rest = Math.floor((milliseconds - whole) * 1000);
  return `${new Date(whole).toISOString().slice(0, 23)}${`${rest}`.padStart(3, '0')}Z`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `26/Nov/2026:11:15:00 +0100`, so many minutes east of UTC. */
export function common(milliseconds: number, zone: number): string {
  const text = local(milliseconds, zone);
  const month = months[Number(text.slice(5, 7)) - 1];
  const sign = zone < 0 ? '-' : '+';
  const minutes =
    `${Math.floor(Math.abs(zone) / 60)}`.padStart(2, '0') + `${Math.abs(zone) % 60}`.padStart(2, '0');
  return `${text.slice(8, 10)}/${month}/${text.slice(0, 4)}:${text.slice(11, 19)} ${sign}${minutes}`;
}

/** `2026/11/26 11:15:00`. */
export function unzoned(milliseconds: number, zone: number): string {
  return local(milliseconds, zone).slice(0, 19).replace('T', ' ').replaceAll('-', '/');
}

function local(milliseconds: number, zone: number): string {
  return new Date(milliseconds + zone * 60_000).toISOString();
}
