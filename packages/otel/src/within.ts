/** Waits for something, but not for long: whoever is away must not keep a program from ending. Failures are left aside. */
export async function within(ms: number, what: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([what.catch(() => {}), late]);
  clearTimeout(timer);
}
