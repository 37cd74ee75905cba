import { defineConfig } from 'vitest/config';

/** The settings of every workspace's tests: sources instead of built files, so that no build is needed first. */
export default defineConfig({
  resolve: { conditions: ['why502-source'] },
  ssr: { resolve: { conditions: ['why502-source'] } },
  test: { include: ['**/*.test.ts'], exclude: ['**/node_modules/**', '**/dist/**'], testTimeout: 60_000 },
});
