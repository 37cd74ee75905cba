/** Numbers and names of the errors that a proxy meets, with the message of nginx that mostly carries them. */
const errors: readonly (readonly [number, string, string, string])[] = [
  [2, 'ENOENT', 'No such file or directory', 'connect() to unix:SOCKET'],
  [11, 'EAGAIN', 'Resource temporarily unavailable', 'connect() to unix:SOCKET'],
  [13, 'EACCES', 'Permission denied', 'connect() to unix:SOCKET'],
  [22, 'EINVAL', 'Invalid argument', 'connect()'],
  [24, 'EMFILE', 'Too many open files', 'socket()'],
  [32, 'EPIPE', 'Broken pipe', 'writev()'],
  [97, 'EAFNOSUPPORT', 'Address family not supported by protocol', 'socket()'],
  [99, 'EADDRNOTAVAIL', 'Cannot assign requested address', 'connect()'],
  [101, 'ENETUNREACH', 'Network is unreachable', 'connect()'],
  [104, 'ECONNRESET', 'Connection reset by peer', 'recv()'],
  [110, 'ETIMEDOUT', 'Connection timed out', 'upstream timed out'],
  [111, 'ECONNREFUSED', 'Connection refused', 'connect()'],
  [113, 'EHOSTUNREACH', 'No route to host', 'connect()'],
];

/** A status that stands alone: `502`, `HTTP 502`, `502 Bad Gateway`, `status: 504`. */
export function statusOf(text: string): number | undefined {
  const found =
    /^\W*(?:(?:http|status|error|code)[\s:/\d.]*?)?\b([1-5]\d\d)(?:[\s:-]+[A-Za-z][A-Za-z -]{2,40})?\W*$/i.exec(
      text,
    );
  const status = Number(found?.[1]);
  return status >= 400 && status < 600 ? status : undefined;
}

/** The message of nginx that an error number, its name or its text mostly stands in: `111`, `ECONNRESET`, `(13: …)`. */
export function messageOfErrno(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/ while [a-zA-Z /]+$/, '')
    .replace(/^\(|\)$/g, '');
  const found = errors.find(([number, name, words]) => {
    const spellings = [
      String(number),
      `errno ${number}`,
      name,
      words,
      `${number}: ${words}`,
      `${name}: ${words}`,
    ];
    return spellings.some((one) => one.toLowerCase() === bare.toLowerCase());
  });
  if (found === undefined) return undefined;
  const [number, , words, call] = found;
  return call.startsWith('upstream')
    ? `${call} (${number}: ${words})`
    : `${call} failed (${number}: ${words})`;
}
