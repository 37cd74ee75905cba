import type { RequestIdentity, Statement } from './record.ts';
import type { HttpStatus, Probability } from './units.ts';

/** What makes error pages: proxies, edges, load balancers, and `application` for all that stands behind them. */
export type Product = (typeof products)[number];

export const products = [
  'nginx',
  'openresty',
  'angie',
  'tengine',
  'alb',
  'api_gateway',
  'cloudflare',
  'cloudflared',
  'google',
  'cloudfront',
  'akamai',
  'fastly',
  'azure_gateway',
  'azure_front_door',
  'iis',
  'apache',
  'haproxy',
  'envoy',
  'varnish',
  'squid',
  'caddy',
  'traefik',
  'kong',
  'litespeed',
  'heroku',
  'vercel',
  'node',
  'application',
] as const;

/** What an answer shows of the hop that made it: its page, its headers, or both, as somebody saved them. */
export interface PageReading {
  /** Undefined where neither a status line nor a title tells it. */
  readonly status: HttpStatus | undefined;
  /** Undefined for a page of somebody's own, which names nobody. */
  readonly maker: PageMaker | undefined;
  /** Products that handed the answer on, by headers that they put on whatever passes. */
  readonly carriers: readonly Product[];
  /** What the page says of the failure; undefined where it says nothing but the status. */
  readonly said: Statement | undefined;
  /** By which the request can be found in logs. */
  readonly ids: readonly RequestIdentity[];
  readonly hasHeaders: boolean;
  readonly hasBody: boolean;
}

export interface PageMaker {
  readonly product: Product;
  readonly sureness: Probability;
  /** By what it was known, fit to be shown. */
  readonly marks: readonly string[];
  /**
   * Whether it failed by itself, or in reaching who is behind it. False where its page stands for an answer of that
   * one, and undefined where the page does not tell.
   */
  readonly failedItself: boolean | undefined;
}
