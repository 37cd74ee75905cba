// A DNS server that answers from a table: name to { a: [addresses], code, silent, rotate }.
//
// argv[2] holds { address, port, table }; a line on standard input replaces the table. `code` is the RCODE of the
// answer (2 server failure, 3 no such name, 5 refused), `silent` gives none, `rotate` gives one address a time in turn.
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';

const options = JSON.parse(process.argv[2]);
let { table } = options;
let turn = 0;
const socket = createSocket('udp4');

createInterface({ input: process.stdin })
  .on('line', (line) => {
    table = JSON.parse(line);
  })
  .on('close', () => process.exit());

socket.on('message', (query, from) => {
  const { name, type, end } = question(query);
  const entry = table[name] ?? table['*'] ?? { code: 3 };
  if (entry.silent) return;
  const all = type === 1 ? (entry.a ?? []) : [];
  const addresses = entry.rotate && all.length > 0 ? [all[turn++ % all.length]] : all;
  socket.send(reply(query.subarray(0, end), entry, addresses), from.port, from.address);
});
socket.bind(options.port, options.address, () => console.log('ready'));

function question(query) {
  const labels = [];
  let at = 12;
  while (query[at] > 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += query[at] + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** Header and question as asked, then one A record for each address (RFC 1035, 4.1). */
function reply(asked, { code = 0, ttl = 2 }, addresses) {
  const head = Buffer.from(asked);
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const records = addresses.map((address) => {
    const record = Buffer.alloc(16);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(1, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(ttl, 6);
    record.writeUInt16BE(4, 10);
    Buffer.from(address.split('.').map(Number)).copy(record, 12);
    return record;
  });
  return Buffer.concat([head, ...records]);
}
