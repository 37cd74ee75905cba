export { diskTree } from './disk-tree.ts';
export { expand } from './expand.ts';
export { fileSource } from './file-source.ts';
export type { Consumer, Input, Reading } from './input.ts';
export { pump } from './pump.ts';
export { streamSource } from './stream-source.ts';
