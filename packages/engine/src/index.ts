export type { Address } from './address.ts';
export { type Engine, startEngine } from './launch.ts';
export { type LocalStore, localStore } from './local-store.ts';
