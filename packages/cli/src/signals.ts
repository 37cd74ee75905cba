/**
 * Has somebody else told when this process is to end, instead of ending at once. A closed terminal (SIGHUP) ends nothing.
 *
 * @returns gives the signals back
 */
export function onEndSignals(end: () => void): () => void {
  const ignore = () => {};
  const own = [
    ['SIGINT', end],
    ['SIGTERM', end],
    ['SIGHUP', ignore],
  ] as const;
  const before = own.map(([signal]) => ({ signal, listeners: process.listeners(signal) }));
  for (const [signal, listener] of own) process.removeAllListeners(signal).on(signal, listener);
  return () => {
    for (const [signal, listener] of own) process.off(signal, listener);
    for (const { signal, listeners } of before) for (const one of listeners) process.on(signal, one);
  };
}
