/** From the words of `export create` to the body of the call; or a sentence why not. */
import {extname} from 'node:path';

import {usageError as wrong} from './errors.js';
import {typeCalled} from './types.js';

export const FORMATS = ['csv', 'xlsx', 'jsonl'];
const ENDINGS = [...FORMATS, 'zip'];
const OTHER_ENDINGS = {csv: ['txt'], jsonl: ['ndjson']};

/** The known ending of a file's name, if it has one. */
export const endingIn = (name) =>
  ENDINGS.find((ending) => String(name).toLowerCase().endsWith(`.${ending}`));

/** Up to three types by name, more by their number. */
export const nameOf = (types) => types.length > 3 ? `${types.length} types` : types.join(', ');

/** The data types that are named, or 'all'. */
export function typesOf(args, {all}) {
  if (all && args.length) throw wrong('Name data types or use --all, not both.');
  if (!all && !args.length) {
    throw wrong('Usage: altera export create <type>... or altera export create --all');
  }
  return all ? 'all' : [...new Set(args.map(typeCalled))];
}

/** Say so when a name ends as files of another kind do: `.pdf`, `.xls`, `.json`. */
export function demandEnding(name, expected) {
  const ending = extname(name ?? '').slice(1).toLowerCase();
  const known = [...expected, ...expected.flatMap((format) => OTHER_ENDINGS[format] ?? [])];
  if (!/^[a-z][a-z0-9]{0,8}$/.test(ending) || known.includes(ending)) return;
  const list = expected.map((one) => `.${one}`).join(' or ');
  throw wrong(`This makes a ${list} file: its name cannot end in .${ending}, as ${name} does.`);
}

/** The format to ask for, and the ending that its file should have. */
export function formatOf({format, output}, types) {
  const given = endingIn(output);
  const chosen = format ?? (FORMATS.includes(given) ? given : 'csv');
  if (!FORMATS.includes(chosen)) throw wrong(`--format is one of ${FORMATS.join(', ')}.`);
  const ending = types.length > 1 && chosen !== 'xlsx' ? 'zip' : chosen;
  if (!given && output) demandEnding(output, [ending]);
  // One type may have several sheets, which only the server knows: its CSV files are a zip too.
  if (given && given !== ending && !(given === 'zip' && chosen !== 'xlsx')) {
    throw wrong(
      `This export is a .${ending} file: end the name in --output so, or change --format.`);
  }
  return {format: chosen, ending};
}

export function bodyOf(flags, types, format) {
  const body = {types, format, filters: filtersOf(flags.filter ?? [], types)};
  if (flags.columns) body.columns = columnsOf(flags.columns, types, format);
  if (flags['since-last'] && flags['updated-since'] !== undefined) {
    throw wrong('Use either --since-last or --updated-since.');
  }
  if (flags['updated-since'] !== undefined) body.updated_since = flags['updated-since'];
  if (flags['since-last']) body.since_last = true;
  if (flags['no-bom']) {
    if (format !== 'csv') throw wrong('--no-bom is for CSV only.');
    body.bom = false;
  }
  return body;
}

/** [`products.status=active`] → {products: {status: 'active'}} */
function filtersOf(texts, types) {
  const filters = {};
  for (const text of texts) {
    const [, called, name, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? [];
    if (!called) {
      throw wrong(`“${text}” is not a filter. Write it as type.name=value, ` +
        'for example products.status=active.');
    }
    const type = exported(called, types, `The filter ${text}`);
    filters[type] ??= {};
    if (Object.hasOwn(filters[type], name)) {
      throw wrong(`The filter ${type}.${name} is given twice.`);
    }
    filters[type][name] = value;
  }
  return filters;
}

/** [`ID,Title`] of the one type, or [`products=ID,Title`] → {products: ['ID', 'Title']} */
function columnsOf(texts, types, format) {
  if (format === 'jsonl') throw wrong('JSONL has no columns: leave --columns out.');
  const columns = {};
  for (const text of texts) {
    const [, called, rest] = /^([a-z_ -]+)=(.*)$/is.exec(text) ?? [];
    if (!called && (types === 'all' || types.length > 1)) {
      throw wrong(`Name the type that the columns belong to, for example ${
        types === 'all' ? 'products' : types[0]}=${text}.`);
    }
    const type = called ? exported(called, types, `--columns ${text}`) : types[0];
    columns[type] = [...columns[type] ?? [], ...names(rest ?? text)];
  }
  return columns;
}

/** Names between commas; one that has a comma itself stands in double quotes. */
function names(text) {
  const found = [...text.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)]
    .map(([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain).trim())
    .filter(Boolean);
  if (!found.length) throw wrong('--columns needs the name of a column.');
  return found;
}

function exported(called, types, what) {
  const type = typeCalled(called);
  if (types === 'all' || types.includes(type)) return type;
  throw wrong(`${what} is for ${type}, which is not exported.`);
}
