import type { FileTree } from '@why502/model';

const header = /^# configuration file (.+):\r?$/gm;

/** With `2>&1` its verdict on the syntax comes first. */
const before = /^(\s*nginx: .*\n)*\s*$/;

/** The files that `nginx -T` printed one behind the other, the root first; undefined for other text (nginx src/core/nginx.c). */
export function dumped(text: string): { readonly root: string; readonly files: FileTree } | undefined {
  const headers = [...text.matchAll(header)];
  const first = headers[0];
  if (first === undefined || !before.test(text.slice(0, Math.min(first.index, 4_096)))) return undefined;
  const root = first[1]!;
  const texts = new Map<string, string>();
  for (const [index, found] of headers.entries()) {
    const path = found[1]!;
    // A file that is included twice is printed once for each.
    if (texts.has(path)) continue;
    texts.set(path, text.slice(found.index + found[0].length + 1, headers[index + 1]?.index));
  }
  return { root, files: treeOf(texts) };
}

function treeOf(texts: ReadonlyMap<string, string>): FileTree {
  const folders = new Map<string, Set<string>>();
  for (const path of texts.keys()) {
    const parts = path.split('/');
    for (let last = parts.length - 1; last > 0; last--) {
      const folder = `${parts.slice(0, last).join('/')}/`;
      folders.set(folder, (folders.get(folder) ?? new Set()).add(parts[last]!));
    }
  }
  return {
    text: async (path) => texts.get(path),
    names: async (folder) => [...(folders.get(folder) ?? [])],
  };
}
