import { isWithinLimits } from '../json/limits.ts';
import type { LineFormat } from '../lines.ts';
import { type Entry, neighbourFormat, type Told } from '../neighbour-log.ts';
import { rayIds } from '../trail.ts';
import { consoleEntry, isConsoleLine } from './console-line.ts';
import { symptomOf } from './messages.ts';

/** Lines that are looked at. */
const mostLines = 200;
/** What is longer comes from no connector; its beginning tells what can be told. */
const longestText = 8192;
/** Lines that a line may be broken into. */
const brace = 0x7b;
const space = 0x20;
const tab = 0x09;

/** Keys and words that no other program writes that logs in this way. */
const ownWords =
  /\b(?:connIndex|cfRay|originService|ingressRule|tunnelID)"?[=:]|[Tt]unnel connection|cloudflared|Cloudflare/;

/**
 * The log of cloudflared, the connector of a Cloudflare tunnel, as it writes it to a terminal or with
 * `--log-format-output json`. It says why an origin could not be reached where the edge shows a plain 502.
 */
const connectorFormat: LineFormat = neighbourFormat(
  'cloudflared log',
  'cloudflared',
  {
    entryOf(bytes, from, to) {
      const end = Math.min(to, from + longestText);
      return bytes[from] === brace
        ? objectEntry(bytes, from, to)
        : consoleEntry(bytes.toString('utf8', from, end));
    },
    // A wide line is broken where it is copied to a file from a terminal.
    mayGoOn: (bytes, from) => bytes[from] !== brace,
    goesOn: (bytes, from, to) => to > from && (bytes[from] === space || bytes[from] === tab),
  },
  told,
);

/** The format of the lines if most of them are of cloudflared. */
export function connectorFormatOf(lines: readonly Buffer[]): LineFormat | undefined {
  const texts = lines.slice(0, mostLines).map((line) => line.toString('utf8'));
  const own = texts.filter((text) => isConsoleLine(text) || isObjectLine(text));
  return own.length * 2 > texts.length && own.some((text) => ownWords.test(text))
    ? connectorFormat
    : undefined;
}

function isObjectLine(text: string): boolean {
  return /^\{.*"level":"\w+"/.test(text) && /"time":"\d{4}-/.test(text);
}

function objectEntry(bytes: Buffer, from: number, to: number): Entry | undefined {
  if (!isWithinLimits(bytes, from, to)) return undefined;
  try {
    const members: object = JSON.parse(bytes.toString('utf8', from, to));
    const scalars = Object.entries(members).filter(([, value]) => /^(?:string|number)$/.test(typeof value));
    return new Map(scalars.map(([key, value]) => [key, String(value)]));
  } catch {
    return undefined;
  }
}

function told(entry: Entry): Told | undefined {
  const level = entry.get('level');
  if (level === undefined) return undefined;
  const words = entry.get('message') ?? '';
  const error = entry.get('error') ?? entry.get('err') ?? '';
  const ids = rayIds(entry.get('cfRay'));
  const host = hostOf(entry.get('dest'));
  const isFailure = error !== '' || level !== 'info';
  return {
    level,
    symptom: isFailure ? symptomOf(words, error) : 'other',
    message: error === '' ? words : words === '' ? error : `${words}: ${error}`,
    ...originOf(entry.get('originService'), error),
    ...(host === undefined ? {} : { host }),
    ...(ids.length === 0 ? {} : { ids }),
  };
}

const defaultPorts: Readonly<Record<string, string>> = { http: '80', ws: '80', https: '443', wss: '443' };

/** Scheme and peer of `https://192.168.1.100:1443`; without a service, the peer that the error names. */
function originOf(service: string | undefined, error: string): Pick<Told, 'scheme' | 'peer'> {
  const [, scheme, name = ''] = /^([a-z]+):\/\/([^/?#]*)/.exec(service ?? '') ?? [];
  if (scheme !== undefined && name !== '') {
    const port = defaultPorts[scheme];
    return { scheme, peer: /:\d+$/.test(name) || port === undefined ? name : `${name}:${port}` };
  }
  const socket = /^unix(?:\+tls)?:(\S+)/.exec(service ?? '')?.[1] ?? /dial unix (\S+?):? /.exec(error)?.[1];
  if (socket !== undefined) return { peer: `unix:${socket}` };
  const dialled = /(?:dial|read|write) (?:tcp[46]?|udp[46]?) (?:\S+->)?(\S+?:\d+)(?:: |$)/.exec(error)?.[1];
  return dialled === undefined ? {} : { peer: dialled };
}

/** The host that the visitor asked for. */
function hostOf(url: string | undefined): string | undefined {
  return /^[a-z]+:\/\/([^/:?#]+)/.exec(url ?? '')?.[1];
}
