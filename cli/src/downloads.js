/** Files of the store into a folder: what is there already is left as it is. */
import {mkdir, readFile, rename, rmdir, stat, writeFile} from 'node:fs/promises';
import {basename, extname, join} from 'node:path';

import {CliError} from './errors.js';
import {FileError, fetchFile, storageOf} from './storage.js';
import {forEach, patiently} from './together.js';
import {workbook} from './workbook.js';

export const INDEX = 'index.xlsx';
const STATE = '.altera-files.json';
const AT_ONCE = 8;
const TRIES = 5;
const [LONGEST_NAME, LONGEST_NUMBERED] = [200, 255]; // bytes: file systems take no more than 255
// What systems take for something else than the name of a file.
const FORBIDDEN = /[\u0000-\u001f\u007f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const COLUMNS = {
  'File Name': 'name', 'Path': 'path', 'ID': 'id', 'URL': 'url', 'Type': 'type', 'Size': 'size',
  'Alt Text': 'alt', 'Used In': 'used_in',
};

/** The folder's record of what was downloaded into it: {shop, since, files by ID, isNew}. */
export async function recordOf(folder, shop) {
  const text = await readFile(join(folder, STATE), 'utf8').catch(() => null);
  if (text === null) return {shop, since: null, files: {}, isNew: true};
  let record;
  try {
    record = JSON.parse(text);
    if (typeof record.files !== 'object' || record.files === null) throw new TypeError();
  } catch {
    throw new CliError(`${join(folder, STATE)} is damaged. Delete it and run the command again.`);
  }
  if (shop && record.shop && record.shop !== shop) {
    throw new CliError(`${folder} has the files of ${record.shop}. Choose another folder for ${shop}.`);
  }
  return {...record, shop: shop ?? record.shop, isNew: false};
}

/** Every file that the store lists for these filters. */
export async function* listed(api, filters) {
  for (let after = null; ;) {
    const query = new URLSearchParams({...filters, ...(after && {after})});
    const answer = await patiently(() => api.get(`/files?${query}`), {tries: TRIES, signal: api.signal});
    yield* answer.files;
    if (!answer.after) return;
    after = answer.after;
  }
}

/**
 * Download the files into the folder; `seen(result)` hears of each as it is done: {file, path,
 * result, comment}. `record` is kept, so that a run that is cut off goes on where it stopped.
 */
export async function downloadAll(api, files, folder, {record, overwrite, meter, seen}) {
  const storage = storageOf(api);
  const names = new Names(record);
  let [latest, whole] = [record.since, true];
  await mkdir(join(folder, PARTS), {recursive: true});
  try {
    await forEach(files, AT_ONCE, async (file) => {
      if (!latest || file.updated_at > latest) latest = file.updated_at;
      const result = await one(file).catch((error) => {
        const isOfFile = error instanceof FileError || error.passing;
        if (api.signal.aborted || !isOfFile) throw error;
        return {result: 'failed', comment: error.message};
      });
      if (['failed', 'differs'].includes(result.result)) whole = false;
      seen({file, ...result});
    });
    // What is missing is asked for again the next time.
    if (whole) record.since = latest;
  } finally {
    const {isNew, ...kept} = record;
    await writeFile(join(folder, STATE), JSON.stringify(kept, null, 1));
    await rmdir(join(folder, PARTS)).catch(() => {}); // parts that are there are gone on with
  }

  async function one(file) {
    if (file.status !== 'ready') {
      const failed = file.status === 'failed';
      return {result: 'left out', comment: failed ? 'Shopify could not process it.' : 'Shopify has not processed it yet.'};
    }
    if (!file.url || file.type === 'EXTERNAL_VIDEO') {
      return {result: 'left out', comment: 'It is not in Shopify’s storage.'};
    }
    const path = names.of(file);
    const target = join(folder, path);
    const before = record.files[file.id];
    const there = await stat(target).catch(() => null);
    if (there && !overwrite) {
      const same = there.isFile() && (file.size === null || there.size === file.size) &&
        (!before || before.url === file.url);
      if (!same) return {path, result: 'differs', comment: 'The file here differs. --overwrite replaces it.'};
    }
    if (!there || !(before && before.url === file.url && before.size === there.size)) {
      if (there && !overwrite) return keep(file, path, there.size, 'unchanged');
      const part = join(folder, PARTS, `${numberOf(file)}-${hashOf(file.url)}`);
      meter.begin(file);
      try {
        await patiently(() => fetchFile(storage, file.url, part, file.size, meter.read),
          {tries: TRIES, signal: api.signal});
      } finally {
        meter.end(file);
      }
      await rename(part, target);
      return keep(file, path, (await stat(target)).size, 'downloaded');
    }
    return keep(file, path, there.size, 'unchanged');
  }

  function keep(file, path, size, result) {
    const {id, name, url, type, alt, used_in: usedIn} = file;
    record.files[id] = {id, name, path, url, type, size, alt, used_in: usedIn};
    return {path, result, comment: path === name ? '' : `Saved as ${path}.`};
  }
}

/** Write the table of what was downloaded into the folder, in this run and in those before. */
export async function writeIndex(folder, record) {
  const files = Object.values(record.files).sort((a, b) => (a.path < b.path ? -1 : 1));
  const rows = files.map((file) => Object.values(COLUMNS).map((field) => file[field] ?? ''));
  const path = join(folder, INDEX);
  await writeFile(`${path}.part`, workbook('Files', [Object.keys(COLUMNS), ...rows]));
  await rename(`${path}.part`, path);
}

const PARTS = '.altera-parts';
const numberOf = ({id}) => id.replace(/^.*\//, '').replace(/\D/g, '');

/** A short name for an address: another version of a file has another address. */
function hashOf(text) {
  let hash = 5381;
  for (const sign of text) hash = ((hash * 33) ^ sign.codePointAt(0)) >>> 0;
  return hash.toString(36);
}

/** A name in the folder for every file, its own where it can be and no other file has it. */
class Names {
  #taken = new Map([INDEX, STATE, PARTS].map((name) => [name.toLowerCase(), null]));

  constructor(record) {
    for (const {id, path} of Object.values(record.files)) {
      if (safeName(path, LONGEST_NUMBERED) === path) this.#taken.set(path.toLowerCase(), id);
    }
    this.record = record;
  }

  of(file) {
    const before = this.record.files[file.id]?.path;
    if (before && this.#taken.get(before.toLowerCase()) === file.id) return before;
    const name = safeName(file.name) || `file-${numberOf(file)}`;
    const ending = extname(name);
    const other = `${basename(name, ending)} (${numberOf(file)})${ending}`;
    const path = this.#taken.has(name.toLowerCase()) ? other : name;
    this.#taken.set(path.toLowerCase(), file.id);
    return path;
  }
}

/** The name without what would lead to another folder or to something that is no file. */
function safeName(text, most = LONGEST_NAME) {
  const name = cut(String(text).replace(FORBIDDEN, '_').replace(/^[. ]+|[. ]+$/g, ''), most);
  return DEVICE.test(name) ? `_${name}` : name;
}

/** The end of a name that is at most so many bytes, of whole letters. */
function cut(name, most) {
  const bytes = Buffer.from(name);
  if (bytes.length <= most) return name;
  return bytes.subarray(-most).toString().replace(/^[\ufffd. ]+/, '');
}
