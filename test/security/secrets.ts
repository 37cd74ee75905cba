/** Something that nobody may see, as it stands in a log, and the parts of it that give it away. */
export interface Secret {
  readonly shape: string;
  /** Only its place gives it away. */
  readonly plain: boolean;
  readonly text: string;
  readonly telling: readonly string[];
}

type Random = () => number;

const digits = '0123456789';
const hex = `${digits}abcdef`;
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();
const base62 = digits + upper + lower;
const base64url = `${base62}-_`;

function drawn(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]!).join('');
}

/** A mark of the issuer, and what is random behind it. */
function marked(mark: string, alphabet: string, length: number) {
  return (random: Random) => {
    const tail = drawn(random, alphabet, length);
    return { text: mark + tail, telling: [tail] };
  };
}

function plain(alphabet: string, length: number) {
  return marked('', alphabet, length);
}

type Maker = (random: Random) => Pick<Secret, 'text' | 'telling'>;

/** Shapes that give themselves away wherever they stand. */
const anywhere: Readonly<Record<string, Maker>> = {
  'Stripe key': marked('sk_live_', base62, 24),
  'Stripe restricted key': marked('rk_live_', base62, 24),
  'Stripe webhook secret': marked('whsec_', base62, 32),
  'OpenAI key': marked('sk-proj-', base64url, 40),
  'Anthropic key': marked('sk-ant-api03-', base64url, 60),
  'GitHub token': marked('ghp_', base62, 36),
  'GitHub app token': marked('ghs_', base62, 36),
  'GitHub fine-grained token': marked('github_pat_', base62, 22),
  'GitLab token': marked('glpat-', base64url, 20),
  'Slack bot token': marked('xoxb-', base62, 24),
  'Slack app token': marked('xapp-1-', upper + digits, 20),
  'AWS key id': marked('AKIA', upper + digits, 16),
  'AWS temporary key id': marked('ASIA', upper + digits, 16),
  'Google key': marked('AIza', base64url, 35),
  'Google access token': marked('ya29.', base64url, 60),
  'Google client secret': marked('GOCSPX-', base64url, 28),
  'npm token': marked('npm_', base62, 36),
  'PyPI token': marked('pypi-', base64url, 60),
  'SendGrid key': marked('SG.', base64url, 22),
  'Twilio key': marked('SK', hex, 32),
  'Hugging Face token': marked('hf_', base62, 34),
  'Vault token': marked('hvs.', base64url, 24),
  'Shopify token': marked('shpat_', hex, 32),
  'DigitalOcean token': marked('dop_v1_', hex, 64),
  'Square token': marked('sq0atp-', base64url, 22),
  'web token': (random) => {
    const parts = [drawn(random, base64url, 33), drawn(random, base64url, 60), drawn(random, base64url, 43)];
    return { text: `eyJ${parts[0]}.eyJ${parts[1]}.${parts[2]}`, telling: parts };
  },
  'mail address': (random) => {
    const name = `${drawn(random, lower, 8)}.${drawn(random, lower, 9)}`;
    return { text: `${name}@example.org`, telling: [name] };
  },
};

/** Shapes that could be an id as well. */
const outsideIds: Readonly<Record<string, Maker>> = {
  'hex of 32': plain(hex, 32),
  'hex of 40': plain(hex, 40),
  'hex of 64': plain(hex, 64),
  'base62 of 20': plain(base62, 20),
  'base62 of 24': plain(base62, 24),
  'base62 of 32': plain(base62, 32),
  'base64url of 22': plain(base64url, 22),
  'base64url of 43': plain(base64url, 43),
  'base64url of 86': plain(base64url, 86),
  UUID: (random) => {
    const text = [8, 4, 4, 4, 12].map((length) => drawn(random, hex, length)).join('-');
    return { text, telling: [text] };
  },
  ULID: marked('01', '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 24),
  nanoid: plain(base64url, 21),
};

/** What only its place gives away: the value of a parameter, the end of a magic link. */
const byPlace: Readonly<Record<string, Maker>> = {
  'code of 6 digits': plain(digits, 6),
  'code of letters': plain(lower, 8),
  password: (random) => {
    const word = `${drawn(random, lower, 5)}${drawn(random, digits, 3)}`;
    return { text: `${word}!`, telling: [word] };
  },
  'name of a person': (random) => {
    const name = `${drawn(random, lower, 6)}%20${drawn(random, lower, 7)}`;
    return { text: name, telling: name.split('%20') };
  },
};

export type Kind = 'anywhere' | 'outside ids' | 'by place';

/** The same secrets in every run, their shapes in turn. */
export function secrets(kind: Kind, count: number, random: Random): readonly Secret[] {
  const makers = Object.entries(
    kind === 'anywhere'
      ? anywhere
      : kind === 'outside ids'
        ? { ...anywhere, ...outsideIds }
        : { ...anywhere, ...outsideIds, ...byPlace },
  );
  return Array.from({ length: count }, (_, i) => {
    const [shape, make] = makers[i % makers.length]!;
    return { shape, plain: shape in byPlace, ...make(random) };
  });
}

/** So many letters of a secret in a row are no accident. */
const shard = 8;

/** Finds secrets of which so much can be read in a text that they are no longer secret. */
export function detector(all: readonly Secret[]): (text: string) => readonly Secret[] {
  const owners = new Map<string, Secret>();
  for (const secret of all) {
    for (const part of secret.telling) {
      for (let at = 0; at === 0 || at + shard <= part.length; at++)
        owners.set(part.slice(at, at + shard), secret);
    }
  }
  const short = [...owners.keys()].filter((part) => part.length < shard);
  return (text) => {
    const found = new Set<Secret>();
    for (let at = 0; at + shard <= text.length; at++) {
      const owner = owners.get(text.slice(at, at + shard));
      if (owner !== undefined) found.add(owner);
    }
    const words = new Set(text.split(/[^A-Za-z0-9]+/));
    for (const part of short) if (words.has(part)) found.add(owners.get(part)!);
    return [...found];
  };
}
