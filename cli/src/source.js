/** What `import create` sends: a file as it is, or several as one zip. */
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {basename, extname} from 'node:path';
import {Readable} from 'node:stream';

import {usageError} from './errors.js';
import {EXPORT_ONLY, typeCalled, typeInFileName} from './types.js';
import {zipSize, zipped} from './zip.js';

export const STDIN = '-';
const ZIP = 'application/zip';
const JSONL = 'application/x-ndjson';
const MEDIA_TYPES = {
  '.csv': 'text/csv',
  '.jsonl': JSONL,
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.zip': ZIP,
};
/** Files of which each sheet or file within says by its name what it holds. */
const OF_SEVERAL = ['.xlsx', '.zip'];

/**
 * {stream(), size in bytes or null, mediaType, query, about}: the parameters of the call, and what
 * to call it on the way; `again` is false of a stream that can be read only once. A type that neither a name nor --type says is asked for here, if it can be.
 */
export async function sourceOf({stdin}, files, flags) {
  const type = flags.type === undefined ? undefined : typeCalled(flags.type);
  demandWritable(type);
  if (files.length > 1) {
    if (type) throw usageError('--type is for one file. Of several, the names say what they hold.');
    return bundle(await Promise.all(files.map(ordinary)));
  }
  const [file] = files;
  if (file === STDIN) {
    if (stdin.isTTY) {
      throw usageError('There is nothing on standard input. Pipe a file into it, or name the file.');
    }
    if (!type) throw untold('Standard input');
    // Of what a pipe brings nobody knows the length or the format; the server looks at its content.
    return {
      stream: () => stdin, again: false, size: null, mediaType: 'application/octet-stream', query: {type}, about: type};
  }
  const {size, ending} = await found(file);
  const name = basename(file);
  const likely = type ?? (OF_SEVERAL.includes(ending) ? undefined : typeSaid(name));
  return {
    stream: () => createReadStream(file),
    again: size !== null,
    size,
    mediaType: MEDIA_TYPES[ending],
    query: likely ? {type: likely, name} : {name},
    about: likely ?? name,
  };
}

/** Several files as one zip, in which those of one name have folders of their own. */
function bundle(files) {
  const names = files.map(({file}) => basename(file));
  const inZip = files.map(({file, size}, place) => ({
    path: file,
    size,
    name: names.indexOf(names[place]) === place ? names[place] : `${place + 1}/${names[place]}`,
  }));
  names.forEach(typeSaid);
  return {
    stream: () => Readable.from(zipped(inZip)),
    size: zipSize(inZip),
    mediaType: ZIP,
    query: {name: 'import.zip'},
    about: `${files.length} files`,
  };
}

/** A file that can be put into a zip: {file, size}. */
async function ordinary(file) {
  if (file === STDIN) throw usageError('Standard input cannot be one of several files.');
  const {size, ending} = await found(file);
  if (size === null) throw usageError(`${file} is not an ordinary file. Import it alone.`);
  if (OF_SEVERAL.includes(ending)) {
    throw usageError(`${file} may hold several sheets already. Import it alone.`);
  }
  return {file, size};
}

/** {size, ending} of a file that can be imported. A named pipe has no size. */
async function found(file) {
  const there = await stat(file).catch(() => null);
  if (!there) throw usageError(`There is no file ${file}.`);
  if (there.isDirectory()) throw usageError(`${file} is a folder. Name a file in it.`);
  const ending = extname(file).toLowerCase();
  if (ending === '.xls') {
    throw usageError(`${file} is an old Excel workbook (.xls). Open it and save it as .xlsx.`);
  }
  if (!MEDIA_TYPES[ending]) {
    throw usageError(`${file} is not a .csv, .xlsx, .zip or .jsonl file. Save it as one of those.`);
  }
  return {size: there.isFile() ? there.size : null, ending};
}

/** The type that a file's name says. */
function typeSaid(name) {
  const type = typeInFileName(name);
  if (!type) throw untold(`The name ${name}`);
  demandWritable(type);
  return type;
}

const untold = (what) => usageError(
  `${what} does not say which data type it holds. Add --type, for example --type redirects.`);

function demandWritable(type) {
  if (EXPORT_ONLY.includes(type)) {
    throw usageError(`${type} can only be exported: Shopify does not allow writing them.`);
  }
}
