/** Files from the API: whole under their name, or not there at all. */
import {randomBytes} from 'node:crypto';
import {access, constants, open, realpath, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

import {Unreachable, usageError} from './errors.js';

/** Return the path to write, or say (before any work is done) why it cannot be one. */
export async function writablePath(file) {
  const path = await realpath(file).catch(() => file);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() || file.endsWith('/')) {
    throw usageError(`${file} is a folder. Name a file in it.`);
  }
  if (found && !found.isFile()) {
    throw usageError(`${file} is not an ordinary file. Choose another.`);
  }
  await access(dirname(path), constants.W_OK).catch(() => {
    throw usageError(
      `Cannot write in the folder ${dirname(path)}. Create it or choose another.`);
  });
  return path;
}

const PRIVATE = 0o600;
const SHARED = 0o666; // less what the user's umask takes away

/**
 * Save what GET `path` answers as `file`, a path from writablePath(). Returns its size in bytes.
 * A new file is its user's alone unless it is to be `shared`; one that was there keeps its mode.
 */
export async function save(api, path, file, {meter, shared = false, accept}) {
  const unfinished = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`);
  const before = await stat(file).catch(() => null);
  const handle = await open(
    unfinished, 'ax', before ? before.mode & 0o777 : shared ? SHARED : PRIVATE);
  try {
    const size = await copy(api, path, {
      write: (chunk) => handle.appendFile(chunk),
      restart: () => handle.truncate(0),
      meter,
      accept,
    });
    await handle.close();
    await rename(unfinished, file);
    return size;
  } finally {
    await handle.close();
    await rm(unfinished, {force: true});
  }
}

/**
 * Copy what GET `path` answers to `write(chunk)`, awaited. A download that is cut off goes on where
 * it stopped when the server can do that, else from the start after `restart()`, once.
 */
export async function copy(api, path, {write, restart, meter = IDLE, accept = '*/*'}) {
  const cutOff = new Unreachable('The download was cut off. Run the command again.');
  const progress = {received: 0};
  async function pump(response) {
    for await (const chunk of chunks(response)) {
      await write(chunk);
      progress.received += chunk.length;
      meter.read(chunk);
    }
  }

  const response = await api.open(path, {accept});
  meter.start(response);
  const etag = resumable(response);
  try {
    await pump(response);
    return progress.received;
  } catch (error) {
    if (error !== CUT || api.signal.aborted) throw error;
  }
  if (!etag && !restart) throw cutOff;
  const range = etag ? {'range': `bytes=${progress.received}-`, 'if-range': etag} : {};
  const second = await api.open(path, {accept, ...range});
  if (!continues(second, progress.received)) {
    if (!restart || second.status === 206) throw cutOff;
    await restart();
    progress.received = 0;
    meter.start(second);
  }
  try {
    await pump(second);
    return progress.received;
  } catch (error) {
    throw error === CUT ? cutOff : error;
  }
}

const IDLE = {start() {}, read() {}};
const CUT = new Error('The body ended before its end.');

/** The body's chunks; CUT, and nothing else, when the connection ends too early. */
async function* chunks({body}) {
  const reader = body.getReader();
  for (;;) {
    const {done, value} = await reader.read().catch(() => {
      throw CUT;
    });
    if (done) return;
    yield value;
  }
}

/** The ETag under which the server can send the rest of this answer later, or null. */
function resumable({headers}) {
  const etag = headers.get('etag') ?? '';
  const can = headers.get('accept-ranges') === 'bytes' && !headers.has('content-encoding');
  return can && etag.startsWith('"') ? etag : null;
}

const continues = ({status, headers}, from) =>
  status === 206 && (headers.get('content-range') ?? '').startsWith(`bytes ${from}-`);
