import type { Counted, Hop, Incident, Summary } from '@why502/model';
import { number } from './wording.ts';

const names: Readonly<Record<Hop, string>> = {
  cloudflare: 'Cloudflare',
  alb: 'the load balancer',
  nginx: 'nginx',
  app: 'the application',
  lambda: 'a function',
  worker: 'a program at the edge',
  client: 'the client',
  other: 'a hop whose log is not at hand',
};

/** Where one nginx is all that there is, nobody asks which hop it was. */
const plain: ReadonlySet<Hop> = new Set(['nginx', 'app']);

/** `nginx`, or `Cloudflare (12), nginx (3)`: who made the statuses; undefined where that goes without saying. */
export function makers({ hops }: Incident, summary: Summary): string | undefined {
  if (summary.hops === undefined && hops.every(({ name }) => plain.has(name))) return undefined;
  const count = ({ name, requests }: Counted<Hop>) =>
    hops.length === 1 ? names[name] : `${names[name]} (${number(requests)})`;
  return hops.map(count).join(', ');
}
