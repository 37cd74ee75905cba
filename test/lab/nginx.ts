import { type ChildProcess, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonFormats, logFormat, textFormats } from './formats.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** Lines that the laboratory needs and a recording must not show. */
const ours = '# lab';

/** Everything that a label needs, and behind it the combined line, by which its place in that log is found. */
const labFormat =
  'n=$http_x_lab id=$request_id t=$msec rt=$request_time st=$status m=$request_method u=$request_uri h=$host ' +
  'g=$proxy_host ua="$upstream_addr" us="$upstream_status" | ' +
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

/** nginx on the proxy's host of a stage. It sees the stage's folders as /etc/nginx, /run, /var/log/nginx and /var/www. */
export class Nginx {
  readonly #stage: Stage;
  readonly #scenario: Scenario;
  readonly #earlier: string[] = [];
  #http: string;
  #child: ChildProcess | undefined;

  constructor(stage: Stage, scenario: Scenario) {
    this.#stage = stage;
    this.#scenario = scenario;
    this.#http = scenario.http;
    cpSync('/etc/nginx', this.#path('etc'), { recursive: true });
    writeFileSync(this.#path('hosts'), '127.0.0.1 localhost\n::1 localhost\n');
    chmodSync(stage.folder, 0o755);
  }

  async start(): Promise<void> {
    this.#write();
    const mounts = [
      ['etc', '/etc/nginx'],
      ['hosts', '/etc/hosts'],
      ['log', '/var/log/nginx'],
      ['www', '/var/www'],
      ['run', '/run'],
    ].map(([from, to]) => `mount --bind ${this.#path(from!)} ${to}`);
    const command = [...mounts, 'exec nginx -g "daemon off;"'].join(' && ');
    const { zone } = this.#scenario;
    this.#child = this.#stage.spawn(
      this.#stage.proxy,
      ['sh', '-c', command],
      zone === undefined ? {} : { TZ: zone },
    );
    for (let tries = 0; !existsSync(this.#path('run/nginx.pid')); tries++) {
      if (tries > 100) throw new Error('nginx does not start');
      await sleep(50);
    }
    await sleep(100);
  }

  /** What is inside `http { }` from now on; with the same text, a reload only. */
  async reload(http: string = this.#http): Promise<void> {
    this.#earlier.push(this.#shown());
    this.#http = http;
    this.#write();
    this.#signal('HUP');
    await sleep(100);
  }

  /** What `/etc/hosts` says to nginx from the next start or reload on. */
  hosts(lines: string): void {
    writeFileSync(this.#path('hosts'), `127.0.0.1 localhost\n::1 localhost\n${lines}\n`);
  }

  /** Lets requests end, up to ten seconds. */
  async quit(): Promise<void> {
    const child = this.#child!;
    if (child.exitCode !== null) throw new Error('nginx ended by itself');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    this.#signal('QUIT');
    const late = setTimeout(() => this.#signal('TERM'), 10_000);
    await ended;
    clearTimeout(late);
  }

  log(name: string): string {
    return readFileSync(join(this.#path('log'), name), 'utf8');
  }

  /** Name and text of the last configuration and of those before it. */
  configurations(): ReadonlyMap<string, string> {
    const earlier = this.#earlier.map(
      (text, index) => [`nginx.conf.before-reload-${index + 1}`, text] as const,
    );
    return new Map([['nginx.conf', this.#shown()], ...earlier]);
  }

  #path(name: string): string {
    return join(this.#stage.folder, name);
  }

  #write(): void {
    writeFileSync(this.#path('etc/nginx.conf'), this.#text());
  }

  #shown(): string {
    return this.#text()
      .split('\n')
      .filter((line) => !line.endsWith(ours))
      .join('\n');
  }

  #signal(name: string): void {
    const pid = readFileSync(this.#path('run/nginx.pid'), 'utf8').trim();
    execFileSync('kill', [`-${name}`, pid]);
  }

  #text(): string {
    const { processes = 1, connections = 768, errorLevel, text, json } = this.#scenario;
    return `user www-data;
worker_processes ${processes};
pid /run/nginx.pid;
error_log /var/log/nginx/error.log${errorLevel === undefined ? '' : ` ${errorLevel}`};

events {
    worker_connections ${connections};
}

http {
    sendfile on;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    server_tokens off;

    set_real_ip_from 127.0.0.0/8;
    real_ip_header X-Real-IP;

${logFormat('extended', textFormats[text])}
${logFormat('json', jsonFormats[json], 'json')}
    log_format lab '${labFormat}'; ${ours}

    access_log /var/log/nginx/access.log lab; ${ours}
    access_log /var/log/nginx/access.combined.log combined;
    access_log /var/log/nginx/access.extended.log extended;
    access_log /var/log/nginx/access.json.log json;

${indent(this.#http)}
}
`;
  }
}

function indent(text: string): string {
  return text
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
