import { quote } from './bytes';
import { hashOf, isSame, placeOf } from './search';

// Keys of JSON, which the caller tells the meaning of once. They stay for all logs: what a key means is the same in each.

const mostKeys: i32 = 1_024;
const mostMembers: i32 = 1_024;
const slotMask: i32 = 4 * mostKeys - 1;
const arenaRoom: i32 = 65_536;

/** The number of the key in each slot, from 1; open addressing. */
const slots: usize = memory.data(4 * mostKeys * 4);
/** Of each key: its hash, length, where it stands in the arena, and its meaning. */
const entries: usize = memory.data((mostKeys + 1) * 16);
const arena: usize = memory.data(arenaRoom + 16);
/** The number of the key that was the nth of the last object. */
const order: usize = memory.data(mostMembers * 4);
let count: i32 = 0;
let arenaTo: usize = arena;
/** There was no room for the last key. */
let isFull: bool = false;

/** The key whose meaning is not known, in the memory; 0 without one. */
export let strangeKey: i32 = 0;
export let strangeKeyLength: i32 = 0;

/** Of the key that was read last: its meaning, and the quote that closes it. */
export let meaning: i32 = 0;
export let keyEnd: usize = 0;

/** To be called before lines are read. Of one line no key is forgotten, which would be asked for again and again. */
export function noStrangeKey(): void {
  strangeKey = 0;
  if (isFull) forgetKeys();
}

/** Takes the meaning of the strange key; false where there is no room for it. */
export function learnKey(means: i32): bool {
  const from: usize = strangeKey;
  isFull = count === mostKeys || arenaTo + strangeKeyLength > arena + arenaRoom;
  if (isFull) return false;
  const entry = entries + (++count << 4);
  const hash = hashOf(from, strangeKeyLength);
  store<i32>(entry, hash);
  store<i32>(entry, strangeKeyLength, 4);
  store<i32>(entry, i32(arenaTo), 8);
  store<i32>(entry, means, 12);
  memory.copy(arenaTo, from, strangeKeyLength);
  arenaTo += strangeKeyLength;
  let slot = hash & slotMask;
  while (load<i32>(slots + (slot << 2)) !== 0) slot = (slot + 1) & slotMask;
  store<i32>(slots + (slot << 2), count);
  return true;
}

/** Reads the nth key of an object, which begins at `from` behind its quote; false for one that is not known. */
export function readKey(from: usize, to: usize, nth: i32): bool {
  if (nth >= mostMembers) return false;
  // Keys mostly come in the order of the object before.
  const guess = entries + (load<i32>(order + (nth << 2)) << 4);
  const length = load<i32>(guess, 4);
  if (length > 0 && load<u8>(from + length) === quote && isSame(from, load<i32>(guess, 8), length)) {
    meaning = load<i32>(guess, 12);
    keyEnd = from + length;
    return keyEnd < to;
  }
  return findKey(from, to, nth);
}

/** Keys of damaged lines fill the room some day; those that are in use are soon known again. */
function forgetKeys(): void {
  memory.fill(slots, 0, 4 * mostKeys * 4);
  memory.fill(entries, 0, (mostKeys + 1) * 16);
  count = 0;
  arenaTo = arena;
  isFull = false;
}

function findKey(from: usize, to: usize, nth: i32): bool {
  const end = placeOf(from, to, i8x16.splat(quote));
  if (end >= to) return false;
  const length = i32(end - from);
  const hash = hashOf(from, length);
  let slot = hash & slotMask;
  for (let key = 0; (key = load<i32>(slots + (slot << 2))) !== 0; slot = (slot + 1) & slotMask) {
    const entry = entries + (key << 4);
    if (load<i32>(entry) !== hash || load<i32>(entry, 4) !== length) continue;
    if (!isSame(from, load<i32>(entry, 8), length)) continue;
    store<i32>(order + (nth << 2), key);
    meaning = load<i32>(entry, 12);
    keyEnd = end;
    return true;
  }
  strangeKey = i32(from);
  strangeKeyLength = length;
  return false;
}
