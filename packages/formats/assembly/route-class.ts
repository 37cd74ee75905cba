import { backslash, colon, question, quote, slash, space, star } from './bytes';
import { classes, classRoom, routes } from './rows';

/** As `RouteClasses` of route.ts. */
export function writeClass(target: usize, to: usize, row: i32): void {
  const into = classes + row * classRoom;
  let at = target >= to ? to : pathStart(target, to);
  let length: i32 = 0;
  let hash: i32 = 0;
  for (let segment = 0; segment < 4 && target < to; segment++) {
    hash = (hash ^ i32(slash)) * 0x01000193;
    store<u8>(into + length++, slash);
    const start = at;
    while (at < to && isPlain(load<u8>(at))) at++;
    if (at - start > 16 || (at < to && !endsSegment(load<u8>(at)))) {
      while (at < to && !endsSegment(load<u8>(at))) at++;
      hash = (hash ^ i32(star)) * 0x01000193;
      store<u8>(into + length++, star);
    } else {
      for (let i = start; i < at; i++) {
        const byte = load<u8>(i);
        hash = (hash ^ i32(byte)) * 0x01000193;
        store<u8>(into + length++, byte);
      }
    }
    if (at >= to || load<u8>(at) !== slash) {
      if (at === start && segment > 0) length--;
      break;
    }
    at++;
  }
  const place = routes + row * 12;
  store<i32>(place, i32(into));
  store<i32>(place, length, 4);
  store<i32>(place, hash ^ i32(u32(hash) >>> 15), 8);
}

/** Behind the first slash of the path: a target may be absolute (`http://host/path`), or name a host only. */
function pathStart(from: usize, to: usize): usize {
  if (load<u8>(from) === slash) return from + 1;
  for (let at = from; at + 2 < to && load<u8>(at) !== slash && load<u8>(at) !== question; at++) {
    if (load<u8>(at) !== colon || load<u8>(at, 1) !== slash || load<u8>(at, 2) !== slash) continue;
    let path = at + 3;
    while (path < to && load<u8>(path) !== slash && load<u8>(path) !== question) path++;
    return path < to && load<u8>(path) === slash ? path + 1 : path;
  }
  return from;
}

function endsSegment(byte: u8): bool {
  return byte === slash || byte === question || byte === space;
}

/** Neither a digit nor what ends a segment, nor a byte that some `escape=` of nginx changes. */
function isPlain(byte: u8): bool {
  if (byte <= space || byte >= 0x7f || (byte >= 0x30 && byte <= 0x39)) return false;
  return byte !== quote && byte !== backslash && byte !== slash && byte !== question;
}
