import { Problem } from '@why502/model';
import { longestHead, shapeOf } from './document-head.ts';

const lineBreak = '\n';
/** Lines are handed on together. */
const batchLength = 64 * 1024;

/**
 * The chunks themselves, or, of a JSON document, its records as lines: the rest of the program knows lines only. The line
 * numbers of a document are the numbers of its records.
 * @throws Problem W502_DAMAGED_JSON, after what could be read has been delivered
 */
export async function* unrolled(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const rest = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let isAll = false;
  let shape = shapeOf(head, false);
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    while (!isAll) {
      const next = await rest.next();
      if (next.done) return;
      yield next.value;
    }
  }
  try {
    while (shape === undefined) {
      const next = await rest.next();
      isAll = next.done === true;
      if (!isAll) head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
      shape = shapeOf(head.subarray(0, longestHead), isAll);
      // A chunk is valid until the next one is asked for.
      if (shape === undefined && !isAll) head = Buffer.from(head);
    }
    if (shape === 'lines') yield* whole();
    else yield* recordsOf(whole(), shape === 'list', name);
  } finally {
    await rest.return?.(undefined);
  }
}

async function* recordsOf(
  chunks: AsyncIterable<Uint8Array>,
  isList: boolean,
  name: string,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  // Documents are rare, and their parser is loaded for them only.
  const { RecordLines } = await import('./record-lines.ts');
  const records = new RecordLines();
  let batch = '';
  function* taken(text: string): Generator<Uint8Array> {
    for (const line of records.take(text)) {
      batch += line + lineBreak;
      if (batch.length < batchLength) continue;
      yield Buffer.from(batch);
      batch = '';
    }
  }
  let damage: unknown;
  try {
    if (isList) yield* taken('[');
    for await (const chunk of chunks) yield* taken(decoder.decode(chunk, { stream: true }));
    yield* taken(decoder.decode() + (isList ? ']' : ''));
  } catch (error) {
    // What the source itself says is wrong is no damage of the document.
    if (error instanceof Problem) throw error;
    damage = error;
  }
  if (batch !== '') yield Buffer.from(batch);
  if (damage !== undefined || !records.isWhole)
    throw new Problem('W502_DAMAGED_JSON', { where: name }, { cause: damage });
}
