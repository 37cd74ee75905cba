/**
 * How tokens begin that their issuers gave a mark, so that they can be found in logs and code: Stripe, GitHub, GitLab,
 * Slack, AWS, Google, npm, PyPI, SendGrid, Twilio, Shopify, DigitalOcean, Hugging Face, OpenAI and Anthropic (`sk-`),
 * Vault, Square, Linear, Databricks, Docker, Grafana, age and PGP.
 */
const marks =
  /(?:^|[^A-Za-z0-9])(?:(?:sk|pk|rk)[-_](?:live|test|prod|proj|ant|svcacct|[A-Za-z0-9]{12})|whsec_|gh[opsur]_|github_pat_|gl(?:pat|cbt|dt|ft|rt|soat)-|xox[a-z]-|xapp-|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8}|AIza|ya29\.|GOCSPX-|npm_|pypi-|SG\.[A-Za-z0-9_-]{16}|shp(?:at|ca|pa|ss)_|do[opr]_v1_|hf_|hv[sbr]\.|s\.[A-Za-z0-9]{24}|sq0[a-z]{3}-|lin_api_|dapi[0-9a-f]{16}|dckr_pat_|gl(?:sa|c)_|AGE-SECRET-KEY-)/i;

/** Twilio's, apart since in lower case one in 256 ids of requests begins so. */
const twilio = /(?:^|[^A-Za-z0-9])(?:AC|SK)[0-9a-f]{20}/;

/** A JSON web token, or the first part of one: base64 of `{"`. */
const webToken = /(?:^|[^A-Za-z0-9])eyJ[A-Za-z0-9_-]{4}/;

const mailAddress = /[^\s@/]@[^\s@/]+/;

/** Marks of issuers, JSON web tokens, mail addresses: what is a credential or personal wherever it stands. */
export function isMarked(text: string): boolean {
  return marks.test(text) || twilio.test(text) || webToken.test(text) || mailAddress.test(text);
}

/** Text with its percent escapes undone, also those that were escaped again; as it is where they make no sense. */
export function unescaped(text: string): string {
  let plain = text;
  for (let depth = 0; depth < 3 && plain.includes('%'); depth++) {
    try {
      plain = decodeURIComponent(plain);
    } catch {
      return plain;
    }
  }
  return plain;
}

/** Lower case, capitals, a script without case, or `camelCase` with at least two letters in each part. */
const cased =
  /^(?:\p{Ll}+|\p{Lu}{1,12}|\p{Lo}+|\p{Ll}*(?:\p{Lu}{1,6}\p{Ll}{2,}|By|My|Id|Is|In|Of|On|Or|To|At)*\p{Lu}{0,4})$/u;

/**
 * Whether letters look like words and not like a random token. Few random tokens of mixed case do; of those in lower
 * case only, a good part does, as no rule tells a rare word from them.
 */
export function isWordy(letters: string): boolean {
  if (!cased.test(letters)) return false;
  return letters.length < 8 || (!/[b-df-hj-np-tv-xz]{5}/i.test(letters) && isVoiced(letters));
}

/** Other scripts than Latin have other vowels. */
function isVoiced(letters: string): boolean {
  const vowels = letters.match(/[aeiouy]|[^\x00-\x7f]/gi)?.length ?? 0;
  return vowels >= letters.length / 5;
}
