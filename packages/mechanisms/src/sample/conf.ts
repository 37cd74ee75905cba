// An nginx.conf for the cases of mechanisms: what a case leaves out is ordinary.

export interface ConfSample {
  /** `server 192.0.2.10:9000;` unless given. */
  readonly group?: string;
  /** What stands in the location besides where it leads. */
  readonly location?: string;
  /** `proxy_pass http://app;`, which is the group, unless given. */
  readonly pass?: string;
}

/** One site with one location that leads to one group. */
export function conf(sample: ConfSample): string {
  const { group = 'server 192.0.2.10:9000;', location = '', pass = 'proxy_pass http://app;' } = sample;
  return `http {
    upstream app { ${group} }
    server {
      server_name a.test;
      location / { ${pass} ${location} }
    }
  }`;
}
