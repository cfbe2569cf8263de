/**
 * The file of connected shops, readable by its owner alone:
 * {"current": domain or null, "shops": {domain: {"url", "key", "name"}}}.
 */
import {randomBytes} from 'node:crypto';
import {chmod, mkdir, open, readFile, realpath, rename, rm, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, isAbsolute, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

import {CliError} from './errors.js';

export const DEFAULT_URL = 'https://app.getaltera.example';

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

/** The kept shops. A file that others can read is closed to them, and the user told. */
export async function readShops({env, say}) {
  const file = shopsFile(env);
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return {current: null, shops: {}};
    throw error;
  }
  if (process.platform !== 'win32' && (await stat(file)).mode & 0o077) {
    await chmod(file, 0o600);
    say(`Other users of this computer could read ${file}; now only you can. ` +
      'Rotate the keys in it if they may have been seen.');
  }
  try {
    const {current, shops} = JSON.parse(text);
    for (const {url, key} of Object.values(shops)) {
      if (typeof url !== 'string' || typeof key !== 'string') throw new TypeError('no shop');
    }
    return {current: Object.hasOwn(shops, current) ? current : null, shops};
  } catch {
    throw new CliError(
      `${file} is damaged. Delete it, then connect each shop again with: altera shop add <shop>`);
  }
}

/** Apply `change` to the kept shops and return them; programs that do so together take turns. */
export async function updateShops(context, change) {
  const file = await realpath(shopsFile(context.env)).catch(() => shopsFile(context.env));
  await mkdir(dirname(file), {recursive: true, mode: 0o700});
  await chmod(dirname(file), 0o700);
  const unlock = await lock(`${file}.lock`);
  try {
    const kept = await readShops(context);
    change(kept);
    await replace(file, `${JSON.stringify(kept, null, 2)}\n`);
    return kept;
  } finally {
    await unlock();
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

async function replace(file, text) {
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
