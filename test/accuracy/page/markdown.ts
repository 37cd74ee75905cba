export function section(title: string, ...parts: readonly string[]): string {
  return `## ${title}\n\n${parts.join('\n')}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

export function percent(share: number | undefined): string {
  return share === undefined ? 'none' : `${(100 * share).toFixed(1)} %`;
}

export function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

/** A share as a bar of ten. */
export function bar(share: number): string {
  const full = Math.round(share * 10);
  return '█'.repeat(full) + '░'.repeat(10 - full);
}
