/** A zip of files as they are, not compressed, made while it is sent. (APPNOTE.TXT, 4.3 and 4.4.4.) */
import {Buffer} from 'node:buffer';
import {createReadStream} from 'node:fs';

const [FILE, DESCRIPTOR, ENTRY, END] = [0x04034b50, 0x08074b50, 0x02014b50, 0x06054b50];
const VERSION = 20;
const SIZES_FOLLOW = 0x0008;
const UTF_8 = 0x0800;
const DAY = (1 << 5) | 1; // 1 January 1980: the same files give the same bytes

const CRCS = Uint32Array.from({length: 256}, (_, number) => {
  let crc = number;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

const nameLength = ({name}) => Buffer.byteLength(name);

/** How many bytes the zip of files of these sizes has. */
export const zipSize = (files) =>
  files.reduce((sum, file) => sum + 30 + 16 + 46 + 2 * nameLength(file) + file.size, 22);

/** The zip of texts by their names, at once. */
export function zippedParts(texts) {
  const pieces = [];
  const entries = [];
  let offset = 0;
  for (const [name, text] of Object.entries(texts)) {
    const data = Buffer.from(text);
    const sizes = numbers(crcOf(0xffffffff, data) ^ 0xffffffff, data.length, data.length);
    const head = header(FILE, name, {flags: UTF_8});
    sizes.copy(head, 14);
    pieces.push(head, data);
    entries.push(entry(name, sizes, offset, UTF_8));
    offset += head.length + data.length;
  }
  return Buffer.concat([...pieces, ...entries, ending(entries, offset)]);
}

function crcOf(crc, data) {
  for (const byte of data) crc = CRCS[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return crc;
}

/** The zip of files, each {name, path}, piece by piece. */
export async function* zipped(files) {
  const entries = [];
  let offset = 0;
  for (const {name, path} of files) {
    const head = header(FILE, name, {flags: SIZES_FOLLOW | UTF_8});
    yield head;
    let crc = 0xffffffff;
    let size = 0;
    for await (const chunk of createReadStream(path)) {
      crc = crcOf(crc, chunk);
      size += chunk.length;
      yield chunk;
    }
    const told = numbers(DESCRIPTOR, crc ^ 0xffffffff, size, size);
    yield told;
    entries.push(entry(name, told.subarray(4), offset));
    offset += head.length + size + told.length;
  }
  yield Buffer.concat([...entries, ending(entries, offset)]);
}

/** The end of the zip: its directory of `entries` begins at `offset`. */
function ending(entries, offset) {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(entries.reduce((sum, {length}) => sum + length, 0), 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

function header(kind, name, {flags}) {
  const bytes = Buffer.alloc(30);
  bytes.writeUInt32LE(kind, 0);
  bytes.writeUInt16LE(VERSION, 4);
  bytes.writeUInt16LE(flags, 6);
  bytes.writeUInt16LE(DAY, 12);
  bytes.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([bytes, Buffer.from(name)]);
}

/** A file's place in the directory at the end; `told` are its checksum and sizes. */
function entry(name, told, offset, flags = SIZES_FOLLOW | UTF_8) {
  const bytes = Buffer.alloc(46);
  bytes.writeUInt32LE(ENTRY, 0);
  bytes.writeUInt16LE(VERSION, 4);
  bytes.writeUInt16LE(VERSION, 6);
  bytes.writeUInt16LE(flags, 8);
  bytes.writeUInt16LE(DAY, 14);
  told.copy(bytes, 16);
  bytes.writeUInt16LE(Buffer.byteLength(name), 28);
  bytes.writeUInt32LE(offset, 42);
  return Buffer.concat([bytes, Buffer.from(name)]);
}

function numbers(...values) {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, place) => bytes.writeUInt32LE(value >>> 0, 4 * place));
  return bytes;
}
