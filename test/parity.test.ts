import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mechanisms } from '@why502/mechanisms';
import { type MechanismCase, problems } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { rootFolder } from './workspaces.ts';

function names(id: string, { expect: answer }: MechanismCase): boolean {
  return 'is' in answer && answer.is === id;
}

it('every mechanism has a file of its name, and every file is in the index', () => {
  const files = readdirSync(join(rootFolder, 'packages/mechanisms/src')).filter(
    (file) => file.endsWith('.ts') && file !== 'index.ts',
  );
  expect(files.sort()).toEqual(mechanisms.map(({ id }) => `${id.replaceAll('_', '-')}.ts`).sort());
});

it('no two mechanisms share an id', () => {
  expect(new Set(mechanisms.map(({ id }) => id)).size).toBe(mechanisms.length);
});

describe.each(mechanisms)('$id', ({ id, cases, remedy, references, mistakenFor, success }) => {
  it('has a case that it explains and one that it must leave alone', () => {
    expect(cases().some((one) => names(id, one))).toBe(true);
    expect(cases().some((one) => !names(id, one))).toBe(true);
  });

  it('has a page', () => {
    expect(existsSync(join(rootFolder, 'docs/mechanisms', `${id}.md`))).toBe(true);
  });

  it('says what to change, how that shows, what it is mistaken for, and where to read on', () => {
    expect(remedy.length).toBeGreaterThan(0);
    expect(success).not.toBe('');
    expect(mistakenFor.length).toBeGreaterThan(0);
    expect(references.length).toBeGreaterThan(0);
  });
});

it('what a mechanism is mistaken for is another one', () => {
  const ids = new Set(mechanisms.map(({ id }) => id));
  for (const { id, mistakenFor } of mechanisms) {
    expect(mistakenFor.filter((other) => other.id === id || !ids.has(other.id))).toEqual([]);
  }
});

it('every page is about a mechanism', () => {
  const pages = readdirSync(join(rootFolder, 'docs/mechanisms')).filter((page) => page !== 'README.md');
  expect(pages.sort()).toEqual(mechanisms.map(({ id }) => `${id}.md`).sort());
});

it('every problem has a section, and every section is about a problem', () => {
  const page = readFileSync(join(rootFolder, 'docs/errors.md'), 'utf8');
  const sections = [...page.matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
  expect(sections.sort()).toEqual(Object.keys(problems).sort());
});
