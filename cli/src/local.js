/** Files of this computer that are to be uploaded: from files, folders and patterns. */
import {lstat, readdir, realpath, stat} from 'node:fs/promises';
import {basename, join, relative, sep} from 'node:path';

import {usageError} from './errors.js';

const WILD = /[*?[{]/;
const JUNK = /^(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX|\._.*)$/i;

/**
 * {files: [{path, name, size}], left: [{path, why}]} of the paths: a folder with all that is in it,
 * a pattern (`*`, `**`, `?`, `[a-z]`, `{jpg,png}`) with all that it fits. Files that systems make
 * by themselves, and links that lead out of their folder, are left out.
 */
export async function localFiles(paths) {
  const files = new Map();
  const left = new Map();
  for (const path of paths) {
    const there = await stat(path).catch(() => null);
    if (there) await add(path, there, path);
    else if (WILD.test(path)) await addMatching(path);
    else throw usageError(`There is no file or folder ${path}.`);
  }
  return {files: [...files.values()], left: [...left].map(([path, why]) => ({path, why}))};

  async function add(path, there, root) {
    const name = basename(path);
    if (JUNK.test(name)) left.set(path, 'a file of the operating system');
    else if (there.isDirectory()) await addFolder(path, root);
    else if (!there.isFile()) left.set(path, 'not an ordinary file');
    else if (!there.size) left.set(path, 'an empty file');
    else files.set(await realpath(path), {path, name, size: there.size});
  }

  async function addFolder(folder, root) {
    for (const path of await inside(folder, root)) {
      const there = await stat(path).catch(() => null);
      if (there) await add(path, there, root);
      else left.set(path, 'a link that leads nowhere');
    }
  }

  async function addMatching(pattern) {
    const parts = pattern.split(/[\\/]/);
    const base = parts.slice(0, parts.findIndex((part) => WILD.test(part))).join('/') ||
      (pattern.startsWith('/') ? '/' : '.');
    const fits = toRegExp(pattern.replace(/^\.\//, ''));
    let fitting = 0;
    for (const path of await everything(base)) {
      if (!fits.test(path.split(sep).join('/').replace(/^\.\//, ''))) continue;
      const there = await stat(path).catch(() => null);
      if (!there || there.isDirectory()) continue;
      fitting += 1;
      await add(path, there, base);
    }
    if (!fitting) throw usageError(`No file matches ${pattern}.`);
  }

  /** The entries of a folder in the order of their names, without links that lead out of `root`. */
  async function inside(folder, root) {
    const names = (await readdir(folder)).sort();
    const kept = [];
    for (const path of names.map((name) => join(folder, name))) {
      if (await leadsOut(path, root)) left.set(path, 'a link that leads out of its folder');
      else kept.push(path);
    }
    return kept;
  }

  async function everything(folder, root = folder) {
    const found = [];
    for (const path of await inside(folder, root).catch(() => [])) {
      found.push(path);
      const there = await lstat(path);
      if (there.isDirectory() && !JUNK.test(basename(path))) found.push(...await everything(path, root));
    }
    return found;
  }
}

/** Whether a link leads out of the folder, or to a folder in it, which comes by itself. */
async function leadsOut(path, root) {
  if (!(await lstat(path)).isSymbolicLink()) return false;
  const target = await realpath(path).catch(() => null);
  if (!target) return false;
  const way = relative(await realpath(root), target);
  return way.startsWith('..') || way === '' || (await stat(target)).isDirectory();
}

/** A pattern as the regular expression of the paths that it fits. */
function toRegExp(pattern) {
  let text = '';
  let depth = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const [sign, rest] = [pattern[at], pattern.slice(at)];
    const [set] = /^\[[^\]]+\]/.exec(rest) ?? [];
    if (rest.startsWith('**/')) [text, at] = [`${text}(?:.*/)?`, at + 2];
    else if (rest.startsWith('**')) [text, at] = [`${text}.*`, at + 1];
    else if (sign === '*') text += '[^/]*';
    else if (sign === '?') text += '[^/]';
    else if (set) [text, at] = [text + set.replace(/^\[!/, '[^'), at + set.length - 1];
    else if (sign === '{') [text, depth] = [`${text}(?:`, depth + 1];
    else if (sign === '}' && depth) [text, depth] = [`${text})`, depth - 1];
    else if (sign === ',' && depth) text += '|';
    else text += sign.replace(/[.+^$()|[\]{}\\]/, '\\$&');
  }
  return new RegExp(`^${text}${')'.repeat(depth)}$`);
}
