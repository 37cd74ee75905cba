/** Where a request can be lost before any hop sees it, and how to find out. */
export interface VisitorSide {
  readonly what: string;
  readonly try: string;
}

/** From the nearest to the farthest. */
export const visitorSide: readonly VisitorSide[] = [
  {
    what: 'The browser: out of date, its cache or a service worker that answers by itself',
    try: 'a private window, another browser, and the network tab of its tools: does a request go out at all?',
  },
  {
    what: 'A blocker, an extension or a virus scanner that looks into TLS',
    try: 'switch them off for this site, or use a fresh profile',
  },
  {
    what: "The computer's resolver: an old address, a line in the hosts file",
    try: 'compare nslookup HOST with nslookup HOST 1.1.1.1; empty the cache of names; look into the hosts file',
  },
  {
    what: 'The clock of the computer: certificates are refused when it is wrong',
    try: 'set it by the network',
  },
  {
    what: 'A VPN or a proxy of the company, which may answer 502 or 504 itself',
    try: 'go without it; see whose page it is: why502 explain --page saved.html',
  },
  {
    what: 'The router, or IPv6 that is configured and does not work',
    try: 'another network, such as that of a phone; curl -4 and curl -6',
  },
  {
    what: 'Another place than these logs are of: an old address of the site, another region or account',
    try: 'compare the address that the visitor sees with that of the site: curl -sv https://HOST/ 2>&1 | grep Connected',
  },
];
