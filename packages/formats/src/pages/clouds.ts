import type { Fingerprint } from './fingerprint.ts';

/** `Server` of the first that a visitor meets, which writes over that of who stands behind. */
const cloudflareServer = { header: 'server', value: /^cloudflare/ } as const;

/** Edges and load balancers that somebody else runs. */
export const clouds: readonly Fingerprint[] = [
  {
    // Made with nginx's page, without its foot: so it stands before nginx. The name in Server can be switched off
    // (AWS guide, "Application Load Balancers: server header").
    product: 'alb',
    carries: [],
    makes: [
      { header: 'server', value: /^awselb\//, sure: 0.98, shown: 'Server: awselb/2.0' },
      { html: ['<hr><center>awselb/'], sure: 0.97, shown: '"awselb" at the foot of the page' },
      {
        html: ['<body><center><h1>50', '</h1></center></body>'],
        lacks: '<hr>',
        sure: 0.85,
        shown: "nginx's page without a foot",
      },
    ],
  },
  {
    // AWS API Gateway developer guide, "gateway response types"; HTTP APIs send the id as apigw-requestid.
    product: 'api_gateway',
    carries: [{ header: 'apigw-requestid' }, { header: 'x-amz-apigw-id' }],
    makes: [
      { header: 'x-amzn-errortype', sure: 0.9, shown: 'x-amzn-ErrorType' },
      {
        whole: /^\{ ?"message": ?"endpoint request timed out" ?\}$/,
        sure: 0.95,
        shown: 'Endpoint request timed out',
      },
      { empty: { header: 'apigw-requestid' }, sure: 0.7, shown: 'apigw-requestid, and no body' },
      {
        whole: /^\{ ?"message": ?"internal server error" ?\}$/,
        sure: 0.75,
        shown: '{"message":"Internal server error"}',
      },
      {
        whole: /^\{ ?"message": ?"service unavailable" ?\}$/,
        sure: 0.75,
        shown: '{"message":"Service Unavailable"}',
      },
    ],
  },
  {
    // cloudflared proxy/proxy.go and connection/header.go: its answer goes through the edge, which names itself.
    product: 'cloudflared',
    carries: [],
    makes: [
      {
        header: 'cf-cloudflared-response-meta',
        value: /"src": ?"cloudflared"/,
        sure: 0.98,
        shown: 'cf-cloudflared-response-meta says src cloudflared',
      },
      {
        text: ['unable to reach the origin service'],
        sure: 0.95,
        shown: 'Unable to reach the origin service',
      },
    ],
  },
  {
    // https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-error-headers/: the two
    // fields stand on pages that Cloudflare made, and on no answer of the origin. The pages: those of
    // https://developers.cloudflare.com/rules/custom-errors/reference/error-page-types/.
    product: 'cloudflare',
    carries: [cloudflareServer, { header: 'cf-ray' }],
    makes: [
      { header: 'cf-error-type', sure: 0.99, shown: 'cf-error-type' },
      { header: 'cf-error-origin', sure: 0.99, shown: 'cf-error-origin' },
      { html: ['cf-error-details'], sure: 0.96, shown: 'the page of Cloudflare' },
      { html: ['cf-wrapper'], sure: 0.9, shown: 'the page of Cloudflare' },
      { html: ['<hr><center>cloudflare'], sure: 0.97, shown: '"cloudflare" at the foot of the page' },
      { text: ['ray id:', 'cloudflare'], sure: 0.95, shown: 'Cloudflare Ray ID' },
      {
        text: ['performance & security by cloudflare'],
        sure: 0.95,
        shown: 'Performance & security by Cloudflare',
      },
      { whole: /^error code: (?:1\d{3}|5\d\d)$/, sure: 0.93, shown: 'error code: and a number' },
      {
        html: ['developers.cloudflare.com/support/troubleshooting/'],
        sure: 0.95,
        shown: 'a link to the errors of Cloudflare',
      },
      { html: ['"cloudflare_error"'], sure: 0.97, shown: '"cloudflare_error"' },
      {
        whole: /^(?:error )?(?:code )?5(?:2[0-7]|30)\b.{0,80}$/,
        sure: 0.9,
        shown: 'a status that only Cloudflare has',
      },
    ],
  },
  {
    // Google Cloud: external Application Load Balancers, and the front end of App Engine and Cloud Run.
    product: 'google',
    carries: [{ header: 'via', value: /^1\.1 google/ }, { header: 'x-cloud-trace-context' }],
    makes: [
      {
        text: ['the server encountered a temporary error and could not complete your request', '30 seconds'],
        sure: 0.97,
        shown: 'The server encountered a temporary error and could not complete your request',
      },
      {
        text: ['error: server error', 'the server encountered an error and could not complete your request'],
        sure: 0.95,
        shown: 'The server encountered an error and could not complete your request',
      },
      {
        text: ['the request failed because the instance could not start'],
        sure: 0.9,
        shown: 'the instance could not start',
      },
      {
        alone: { header: 'server', value: /^google frontend/ },
        sure: 0.5,
        shown: 'Server: Google Frontend',
      },
    ],
  },
  {
    // Amazon CloudFront developer guide, "Troubleshooting error responses from your origin".
    product: 'cloudfront',
    carries: [{ header: 'x-amz-cf-id' }, { header: 'via', value: /\(cloudfront\)/ }],
    makes: [
      {
        text: ['generated by cloudfront (cloudfront)'],
        sure: 0.98,
        shown: 'Generated by cloudfront (CloudFront)',
      },
      {
        text: ['the request could not be satisfied'],
        sure: 0.9,
        shown: 'The request could not be satisfied',
      },
      { header: 'server', value: /^cloudfront$/, sure: 0.9, shown: 'Server: CloudFront' },
      // It counts answers of the origin that are errors as well.
      {
        header: 'x-cache',
        value: /^error from cloudfront/,
        sure: 0.45,
        shown: 'X-Cache: Error from cloudfront',
      },
    ],
  },
  {
    // Akamai techdocs, "Error reference codes"; errors.edgesuite.net translates the number.
    product: 'akamai',
    carries: [{ header: 'x-akamai-transformed' }, { header: 'x-akamai-request-id' }],
    makes: [
      { header: 'server', value: /^akamaighost/, sure: 0.95, shown: 'Server: AkamaiGHost' },
      { html: ['errors.edgesuite.net'], sure: 0.98, shown: 'errors.edgesuite.net' },
      {
        text: ['an error occurred while processing your request.', 'reference #'],
        sure: 0.95,
        shown: 'An error occurred while processing your request, with a reference',
      },
    ],
  },
  {
    // Fastly documentation, "Common 503 errors": a Varnish, with reasons of its own in the words of the status.
    product: 'fastly',
    carries: [{ header: 'x-served-by', value: /^cache-/ }, { header: 'x-fastly-request-id' }],
    makes: [
      {
        text: ['guru mediation'],
        sure: 0.9,
        shown: 'Guru Mediation',
      },
      { text: ['fastly error: '], sure: 0.97, shown: 'Fastly error' },
      { text: ['details: cache-'], sure: 0.95, shown: 'Details: cache-' },
      { text: ['first byte timeout'], sure: 0.85, shown: 'first byte timeout' },
      { text: ['backend.max_conn reached'], sure: 0.95, shown: 'Backend.max_conn reached' },
    ],
  },
  {
    // Made of nginx's page, as the load balancer of AWS is; the second generation names itself at the foot.
    product: 'azure_gateway',
    carries: [],
    makes: [
      {
        header: 'server',
        value: /^microsoft-azure-application-gateway/,
        sure: 0.96,
        shown: 'Server: Microsoft-Azure-Application-Gateway',
      },
      {
        text: ['microsoft-azure-application-gateway/'],
        sure: 0.97,
        shown: 'Microsoft-Azure-Application-Gateway at the foot of the page',
      },
    ],
  },
  {
    // https://learn.microsoft.com/azure/frontdoor/troubleshoot-issues.
    product: 'azure_front_door',
    carries: [{ header: 'x-azure-ref' }],
    makes: [
      {
        text: ["our services aren't available right now"],
        sure: 0.93,
        shown: "Our services aren't available right now",
      },
      { text: ['errorinfo:', 'azure'], sure: 0.8, shown: 'ErrorInfo' },
    ],
  },
  {
    // https://devcenter.heroku.com/articles/error-codes: H10 (crashed), H12 (timeout) and the like stand in its log.
    product: 'heroku',
    carries: [{ header: 'via', value: /\b(?:vegur|heroku-router)\b/ }],
    makes: [
      { html: ['herokucdn.com/error-pages/'], sure: 0.97, shown: 'a page of herokucdn.com' },
      { html: ['heroku.com/error-pages/'], sure: 0.95, shown: 'a page of heroku.com' },
    ],
  },
  {
    // https://vercel.com/docs/errors.
    product: 'vercel',
    carries: [{ header: 'x-vercel-id' }],
    makes: [
      { header: 'x-vercel-error', sure: 0.98, shown: 'X-Vercel-Error' },
      { text: ['this serverless function has'], sure: 0.9, shown: 'This Serverless Function has …' },
    ],
  },
];
