import { type AccessFormat, type NginxConf, recognise, textFormat } from '@why502/formats';
import { Problem, type Recognition } from '@why502/model';

/** Below this the format is asked for instead of guessed. */
export const sureEnough = 0.8;

/** What the user says about the format of access logs. */
export interface FormatHint {
  /** Versions of the configuration of nginx, oldest first; their `log_format` directives are candidates. */
  readonly nginxConf?: readonly Pick<NginxConf, 'logFormats'>[];
  /** A `log_format` as directive, as bare text, or by its name in `nginxConf`. */
  readonly logFormat?: string;
}

/** The formats that a user's hint comes to; empty without a hint. */
export class FormatChoice {
  readonly #formats: readonly AccessFormat[];

  /** @throws Problem W502_FORMAT_BAD, W502_FORMAT_NOT_IN_CONF */
  constructor({ nginxConf, logFormat }: FormatHint) {
    const defined = nginxConf?.map(({ logFormats }) => logFormats) ?? [];
    if (logFormat !== undefined) this.#formats = [textFormat(named(logFormat, defined))];
    else this.#formats = [...new Set(defined.flatMap((formats) => [...formats.values()]))].flatMap(usable);
  }

  /** The format of a log that begins so, and the share of its lines that fit. Undefined where nothing fits any line. */
  of(sample: Buffer): Recognition | undefined {
    return recognise(sample, this.#formats);
  }
}

/** The newest version that defines it counts. */
function named(text: string, defined: readonly ReadonlyMap<string, string>[]): string {
  if (!/^\w+$/.test(text)) return text;
  const directive = defined.findLast((formats) => formats.has(text))?.get(text);
  if (directive !== undefined) return directive;
  const choices = [...new Set(['combined', ...defined.flatMap((formats) => [...formats.keys()])])];
  throw new Problem('W502_FORMAT_NOT_IN_CONF', { where: text, choices });
}

/** A configuration may define formats that are of no use here, such as one without a status. */
function usable(directive: string): readonly AccessFormat[] {
  try {
    return [textFormat(directive)];
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}
