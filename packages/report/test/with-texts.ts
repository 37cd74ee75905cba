/** The same value with every text from a log replaced. */
export function withTexts<T>(value: T, text: string): T {
  const fromLogs = [
    'file',
    'name',
    'upstream',
    'peer',
    'path',
    'host',
    'network',
    'method',
    'readInstead',
    'where',
  ];
  const replace = (key: string, item: unknown): unknown => {
    if (typeof item === 'string' && fromLogs.includes(key)) return text;
    return item;
  };
  return JSON.parse(JSON.stringify(value, replace));
}
