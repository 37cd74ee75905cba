import { readFileSync } from 'node:fs';
import { present, type Values } from './values.ts';

/** A time of the log as ms, with microseconds as a fraction. */
function microseconds(text: string): number | undefined {
  const [, second, fraction = ''] = /^(.{19})(?:\.(\d+))?Z$/.exec(text) ?? [];
  return second === undefined
    ? undefined
    : Date.parse(`${second}Z`) + Number(fraction.padEnd(6, '0').slice(0, 6)) / 1000;
}

/** Objects in another order than the lines, each with the line that it was made of. */
export function fromCloudGov(path: string): ReadonlyMap<number, Values> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const objects = readFileSync(path.replace('.log', '-expected.json'), 'utf8').trim().split('\n');
  const found = new Map<number, Values>();
  for (const text of objects) {
    const object = JSON.parse(text);
    const theirs = object['@alb'];
    // What they make of Classic Load Balancers is none of ours.
    if (theirs === undefined) continue;
    const { alb, client, target, request, user_agent, sent_bytes } = theirs;
    found.set(
      lines.indexOf(object['@raw']) + 1,
      present({
        status: alb.status_code,
        client: client.ip,
        peer: target === undefined || target.ip === undefined ? undefined : `${target.ip}:${target.port}`,
        peerStatus: target?.status_code,
        method: request.verb,
        host: new URL(request.url).hostname,
        userAgent: user_agent,
        bytes: sent_bytes,
        target: new URL(request.url).pathname,
        time: microseconds(object['@raw'].split(' ')[1]),
      }),
    );
  }
  return found;
}

/** Attributes in YAML, one record per resource, of which the third has no line. */
export function fromCollector(path: string): ReadonlyMap<number, Values> {
  const text = readFileSync(path.replace('.log', '_expected.yaml'), 'utf8');
  const records = text.split(/^ {10}- attributes:$/m).slice(1, 3);
  return new Map(
    records.map((record, index) => {
      const theirs: Record<string, string> = {};
      const pattern = /- key: (\S+)\n\s+value:\n\s+\w+Value: "?(.*?)"?$/gm;
      for (const [, key = '', value = ''] of record.matchAll(pattern)) theirs[key] = value;
      const nanoseconds = /timeUnixNano: "(\d+)"/.exec(record)?.[1];
      return [
        index + 1,
        present({
          status: theirs['aws.elb.status.code'],
          client: theirs['client.address'],
          method: theirs['http.request.method'],
          bytes: theirs['http.response.size'],
          userAgent: theirs['user_agent.original'],
          host: theirs['url.full'] === undefined ? undefined : new URL(theirs['url.full']).hostname,
          peer: peerOf(theirs['destination.address'], theirs['destination.port']),
          peerStatus: theirs['aws.elb.backend.status.code'],
          time: nanoseconds === undefined ? undefined : Number(BigInt(nanoseconds) / 1000n) / 1000,
        }),
      ] as const;
    }),
  );
}

function peerOf(address: string | undefined, port: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
