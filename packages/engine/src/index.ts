export { type Engine, startEngine } from './launch.ts';
export { type Address, type LocalStore, localStore } from './local-store.ts';
