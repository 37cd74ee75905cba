const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment as the logs of nginx write it, in UTC. */
export interface Moment {
  /** `23/Nov/2026:07:24:51 +0000` */
  readonly local: string;
  /** `2026/11/23 07:24:51` */
  readonly error: string;
  readonly iso: string;
}

export function moment(msSinceEpoch: number): Moment {
  const iso = new Date(msSinceEpoch).toISOString();
  const [day = '', clock = ''] = iso.split('T');
  const [year, month, date] = day.split('-');
  return {
    local: `${date}/${months[Number(month) - 1]}/${year}:${clock.slice(0, 8)} +0000`,
    error: `${day.replaceAll('-', '/')} ${clock.slice(0, 8)}`,
    iso: iso.replace('Z', '+00:00'),
  };
}
