/** Shopify's storage: files to it and from it. No key goes there. */
import {createHash, randomBytes} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {open, readFile, rm, stat} from 'node:fs/promises';

import {CliError, Unreachable} from './errors.js';
import {isLocal} from './shop.js';
import {transportFor, unreachable} from './transport.js';

const AT_ONCE = 1_000_000; // bytes of a file that is sent in one piece

/** What is wrong with one file; the others go on. */
export class FileError extends CliError {}

/** The target is not valid any more: a new one is needed. */
export class TargetExpired extends FileError {}

/** A storage that is reached the way that the environment of `api` names. */
export function storageOf(api) {
  const transports = new Map();
  return async (url, options) => {
    const {origin} = addressOf(url, api);
    if (!transports.has(origin)) transports.set(origin, transportFor(api.env, origin));
    const transport = await transports.get(origin);
    try {
      return await transport(url, {signal: api.signal, ...options});
    } catch (error) {
      if (error instanceof CliError || api.signal.aborted) throw error;
      throw unreachable(error, api.env, origin);
    }
  };
}

/** An address that the server gave, encrypted unless the server itself is on this machine. */
function addressOf(text, api) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = isLocal(new URL(api.url));
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return url;
  throw new FileError('The server named an address that does not begin with https.');
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function sha256Of({path, size}) {
  const hash = createHash('sha256');
  if (size <= AT_ONCE) return hash.update(await readFile(path)).digest('hex');
  for await (const chunk of createReadStream(path, {highWaterMark: 1 << 18})) hash.update(chunk);
  return hash.digest('hex');
}

/** POST a file to a target, streamed; `read(bytes)` hears of each part. */
export async function sendFile(storage, target, file, read) {
  const boundary = `altera-${randomBytes(12).toString('hex')}`;
  const head = Buffer.from(target.fields.map(({name, value}) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('') +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n` +
    `Content-Type: ${target.type}\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const response = await storage(target.url, {
    method: 'POST',
    redirect: 'error',
    duplex: 'half',
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.size + tail.length),
    },
    body: file.size <= AT_ONCE ? await whole() : parts(),
  });
  await response.arrayBuffer();
  if (response.ok) return;
  if (response.status === 429 || response.status >= 500) {
    throw new Unreachable(`Shopify's storage answered ${response.status}.`);
  }
  if ([400, 401, 403].includes(response.status)) {
    throw new TargetExpired(`Shopify's storage did not accept it (${response.status}).`);
  }
  throw new FileError(`Shopify's storage did not accept it (${response.status}).`);

  async function whole() {
    const data = await readFile(file.path);
    if (data.length !== file.size) throw changed();
    read(data.length);
    return Buffer.concat([head, data, tail]);
  }

  async function* parts() {
    yield head;
    let sent = 0;
    for await (const chunk of createReadStream(file.path, {highWaterMark: 1 << 18})) {
      sent += chunk.length;
      if (sent > file.size) throw changed();
      yield chunk;
      read(chunk.length);
    }
    if (sent !== file.size) throw changed();
    yield tail;
  }
}

const changed = () => new FileError('It changed while it was read.');

/**
 * Fetch what is at an address into `path`, after the bytes that are there already; it then has
 * `size` bytes, where that is known.
 */
export async function fetchFile(storage, url, path, size, read) {
  const there = (await stat(path).catch(() => null))?.size ?? 0;
  const from = size !== null && there > size ? 0 : there;
  if (size !== null && from === size) return read(size);
  const response = await storage(url, from ? {headers: {range: `bytes=${from}-`}} : {});
  if (![200, 206].includes(response.status)) {
    await response.body?.cancel();
    if (response.status === 416) {
      await rm(path);
      throw new Unreachable('The download has to begin again.');
    }
    const text = `Shopify's storage answered ${response.status}.`;
    throw response.status >= 500 || response.status === 429 ? new Unreachable(text) : new FileError(text);
  }
  const resumed = response.status === 206 &&
    (response.headers.get('content-range') ?? '').startsWith(`bytes ${from}-`);
  const handle = await open(path, resumed ? 'a' : 'w');
  let have = resumed ? from : 0;
  if (have) read(have);
  try {
    for await (const chunk of response.body) {
      await handle.appendFile(chunk);
      have += chunk.length;
      read(chunk.length);
    }
  } catch (error) {
    if (error.syscall && error.code !== 'ECONNRESET') throw error;
    throw new Unreachable('The download was cut off.');
  } finally {
    await handle.close();
  }
  if (size === null || have === size) return;
  if (have < size) throw new Unreachable('The download was cut off.');
  await rm(path);
  throw new FileError(`It has ${have} bytes, and not ${size}.`);
}
