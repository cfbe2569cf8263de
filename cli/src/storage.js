/** Shopify's storage: files to it and from it. No key goes there. */
import {createHash, randomBytes} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {open, readFile, rm, stat} from 'node:fs/promises';

import {CliError, Unreachable} from './errors.js';
import {isLocal} from './shop.js';
import {posterFor, transportFor, unreachable} from './transport.js';

const PIECE = 1 << 18; // bytes that are read at once; a file of no more is read only once

/** What is wrong with one file; the others go on. */
export class FileError extends CliError {}

/** The target is not valid any more: a new one is needed. */
export class TargetExpired extends FileError {}

/** The storage, reached the way that the environment of `api` names: {fetch, post}. */
export const storageOf = (api) => ({fetch: by(api, transportFor), post: by(api, posterFor)});

function by(api, wayFor) {
  const ways = new Map();
  return async (url, options) => {
    const {origin} = addressOf(url, api);
    if (!ways.has(origin)) ways.set(origin, wayFor(api.env, origin));
    const way = await ways.get(origin);
    try {
      return await way(url, {signal: api.signal, ...options});
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

/** What a file holds: {sha256 in hexadecimal digits, data}, without the data of a large one. */
export async function contentOf({path, size}) {
  const hash = createHash('sha256');
  if (size <= PIECE) {
    const data = await readFile(path);
    return {sha256: hash.update(data).digest('hex'), data};
  }
  for await (const chunk of createReadStream(path, {highWaterMark: PIECE})) hash.update(chunk);
  return {sha256: hash.digest('hex')};
}

/**
 * POST a file to a target: its `data`, or streamed without; `read(bytes)` hears of each part.
 */
export async function sendFile(storage, target, {path, size, data}, read) {
  const boundary = `altera-${randomBytes(12).toString('hex')}`;
  const head = Buffer.from(target.fields.map(({name, value}) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('') +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n` +
    `Content-Type: ${target.type}\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const status = await storage.post(target.url, {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + size + tail.length,
    },
    body: data ? whole() : parts(),
  });
  if (status >= 200 && status < 300) return;
  if (status === 429 || status >= 500) throw new Unreachable(`Shopify's storage answered ${status}.`);
  const refusal = `Shopify's storage did not accept it (${status}).`;
  throw [400, 401, 403].includes(status) ? new TargetExpired(refusal) : new FileError(refusal);

  function whole() {
    if (data.length !== size) throw changed();
    read(size);
    return [head, data, tail];
  }

  async function* parts() {
    yield head;
    let sent = 0;
    for await (const chunk of createReadStream(path, {highWaterMark: PIECE})) {
      sent += chunk.length;
      if (sent > size) throw changed();
      yield chunk;
      read(chunk.length);
    }
    if (sent !== size) throw changed();
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
  const response = await storage.fetch(url, from ? {headers: {range: `bytes=${from}-`}} : {});
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
