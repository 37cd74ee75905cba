// Unpacks a file as `analyze` does, and looks at nothing.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const chunkSize = 256 * 1_024;
const unpacked = createReadStream(process.argv[2], { highWaterMark: chunkSize }).pipe(
  createGunzip({ chunkSize }),
);
let bytes = 0;
for await (const chunk of unpacked) bytes += chunk.length;
console.log(bytes);
