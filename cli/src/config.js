/**
 * The file of connected shops, readable by its owner alone:
 * {"current": name or null, "shops": {name: {"url", "key", "name", "shop"}}}. An entry goes by its
 * shop's domain, or by the name of its profile; then `shop` is the domain.
 */
import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {chmod, lstat, mkdir, open, readFile, realpath, rename, rm, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, isAbsolute, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

import {CliError} from './errors.js';

/** The server of this build, which its package names when it is published; else ''. */
export const DEFAULT_URL = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8')).altera.server;

const LOCK_WAIT = 50; // milliseconds between two tries
const LOCK_STALE = 5000; // milliseconds after which a lock was left behind by a killed program

export function shopsFile(env, platform = process.platform) {
  const home = env.HOME || homedir();
  if (platform === 'win32') {
    return join(env.APPDATA || join(home, 'AppData', 'Roaming'), 'altera', 'shops.json');
  }
  const xdg = env.XDG_CONFIG_HOME ?? '';
  return join(isAbsolute(xdg) ? xdg : join(home, '.config'), 'altera', 'shops.json');
}

/** The shop of an entry: the domain that it goes by, or its profile's. */
export const domainOf = (name, {shop}) => shop ?? name;

/** The kept shops. A file that others can read is closed to them, and the user told. */
export async function readShops({env, warn}) {
  const file = shopsFile(env);
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(error.code)) return {current: null, shops: {}};
    throw error;
  }
  if (process.platform !== 'win32' && (await stat(file)).mode & 0o077) {
    await chmod(file, 0o600);
    warn(`Other users of this computer could read ${file}; now only you can. ` +
      'Rotate the keys in it if they may have been seen.');
  }
  try {
    const {current, shops} = JSON.parse(text);
    for (const {url, key, shop} of Object.values(shops)) {
      if ([url, key, shop ?? ''].some((value) => typeof value !== 'string')) throw new TypeError();
    }
    return {current: Object.hasOwn(shops, current) ? current : null, shops};
  } catch {
    throw new CliError(
      `${file} is damaged. Delete it, then connect each shop again with: altera shop add <shop>`);
  }
}

/** Apply `change` to the kept shops and return them; programs that do so together take turns. */
export async function updateShops(context, change) {
  const folder = await settingsFolder(context);
  const file = await realpath(shopsFile(context.env)).catch(() => shopsFile(context.env));
  const unlock = await lock(join(folder, 'shops.json.lock'));
  try {
    const kept = await readShops(context);
    change(kept);
    await replace(file, `${JSON.stringify(kept, null, 2)}\n`);
    return kept;
  } finally {
    await unlock();
  }
}

/**
 * The folder of shops.json, made if there is none. It is closed to others where it is a folder of
 * ours: one that a symbolic link leads to may be shared for other reasons.
 */
export async function settingsFolder({env}) {
  const folder = dirname(shopsFile(env));
  try {
    await makeFolder(folder);
    const found = await lstat(folder);
    const open = found.isDirectory() && found.mode & 0o077;
    if (process.platform !== 'win32' && open) await chmod(folder, 0o700);
  } catch (error) {
    throw new CliError(`The settings folder ${folder} cannot be used (${error.code}). ` +
      'Set XDG_CONFIG_HOME (APPDATA on Windows) to a folder you can write to.');
  }
  return folder;
}

// Not mkdir's own `recursive`, which tries for ever in a place like /proc.
async function makeFolder(folder) {
  const above = dirname(folder);
  if (!await stat(above).catch(() => null)) await makeFolder(above);
  try {
    await mkdir(folder, 0o700);
  } catch (error) {
    if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  }
}

async function lock(path) {
  for (;;) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      return () => rm(path, {force: true});
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const {mtimeMs} = await stat(path).catch(() => ({mtimeMs: Date.now()}));
    if (Date.now() - mtimeMs > LOCK_STALE) await rm(path, {force: true});
    else await sleep(LOCK_WAIT);
  }
}

/** Write a file that its owner alone can read, whole or not at all. */
export async function replace(file, text) {
  const temporary = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, {force: true});
  }
}
