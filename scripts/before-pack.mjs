// Runs as prepack in the folder of each package: npm packs a license only from the package's own folder.
import { copyFileSync } from 'node:fs';

copyFileSync(new URL('../LICENSE', import.meta.url), 'LICENSE');
