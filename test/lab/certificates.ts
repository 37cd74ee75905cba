import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './stage.ts';

/** Paths of a key and a certificate, for a backend. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** What `openssl ca` wants to know before it signs anything. */
const settings = `[ca]
default_ca = ours
[ours]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
`;

/** An authority of the stage. nginx finds its certificate at /etc/nginx/tls/ca.pem. */
export class Authority {
  readonly #folder: string;

  constructor(stage: Stage) {
    this.#folder = join(stage.folder, 'etc', 'tls');
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'settings'), settings);
    writeFileSync(join(this.#folder, 'index'), '');
    writeFileSync(join(this.#folder, 'serial'), '1000');
    this.#openssl('req -x509 -nodes -days 30 -subj /CN=Lab-Authority -keyout ca.key -out ca.pem', key);
  }

  /** Good from a month ago until `until`, or for another month. */
  identity(name: string, until: Date = new Date(Date.now() + 30 * 86_400_000)): Identity {
    const from = new Date(until.getTime() - 60 * 86_400_000);
    const alternative = `-addext subjectAltName=DNS:${name}`;
    this.#openssl(`req -nodes -subj /CN=${name} ${alternative} -keyout ${name}.key -out ${name}.csr`, key);
    const dates = `-startdate ${stamp(from)} -enddate ${stamp(until)}`;
    this.#openssl(
      `ca -batch -config settings -cert ca.pem -keyfile ca.key ${dates} -notext -in ${name}.csr -out ${name}.pem`,
    );
    return { key: join(this.#folder, `${name}.key`), cert: join(this.#folder, `${name}.pem`) };
  }

  #openssl(command: string, more: readonly string[] = []): void {
    execFileSync('openssl', [...command.split(' '), ...more], {
      cwd: this.#folder,
      stdio: 'ignore',
      timeout: 20_000,
    });
  }
}

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] as const;

/** `YYYYMMDDHHMMSSZ`. */
function stamp(time: Date): string {
  return time.toISOString().replace(/[-:T]|\.\d+/g, '');
}
