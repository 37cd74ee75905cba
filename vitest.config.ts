import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const folders = ['packages', 'pipelines'].flatMap((top) => readdirSync(top).map((name) => `${top}/${name}`));

/** Every workspace is a project named after its package, with the settings below. */
function project(root: string): TestProjectInlineConfiguration {
  const { name } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  return { extends: true, root, test: { name } };
}

/** Sources instead of built files, so that no build is needed first. */
export default defineConfig({
  resolve: { conditions: ['why502-source'] },
  ssr: { resolve: { conditions: ['why502-source'] } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [...folders, 'test'].map(project),
  },
});
