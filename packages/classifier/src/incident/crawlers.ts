/** Product tokens of search-engine crawlers, as their operators document them. A failure they meet can cost ranking. */
const tokens = [
  'Googlebot',
  'bingbot',
  'DuckDuckBot',
  'YandexBot',
  'Baiduspider',
  'Applebot',
  'Yahoo! Slurp',
  'SeznamBot',
  'PetalBot',
  'Sogou web spider',
  '360Spider',
  'Yeti',
  'MojeekBot',
  'Qwantbot',
  'coccocbot-web',
] as const;

/** The crawler that a user agent names; user agents can be forged, so this never feeds a cause. */
export function crawlerOf(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined) return undefined;
  return tokens.find((token) => userAgent.includes(token));
}
