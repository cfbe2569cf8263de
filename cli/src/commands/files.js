/** files …: media files and documents to the store and from it. */
import {readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

import {connect} from '../connection.js';
import {fromCsv, toCsv} from '../csv.js';
import {writablePath} from '../download.js';
import {INDEX, downloadAll, listed, recordOf, writeIndex} from '../downloads.js';
import {EXIT, usageError} from '../errors.js';
import {localFiles} from '../local.js';
import {inBytes, progress} from '../progress.js';
import {didYouMean} from '../suggest.js';
import {bytes, count, oneLine, plural} from '../text.js';
import {uploadAll} from '../uploads.js';

const REPORT = ['Path', 'File Name', 'ID', 'URL', 'Type', 'Size', 'Result', 'Comment'];
const MEDIA_TYPES = ['image', 'video', 'model_3d', 'file'];
const API_NAMES = {file: 'generic_file'};
const LONGEST_NAME = 255;
const NO_NAME = /[\u0000-\u001f\u007f\\]/;
const SHOWN = 20;

export const fileCommands = {
  'files upload': {
    usage: '<path>...',
    summary: 'Upload files, folders and patterns to the store',
    options: {
      'replace': {
        type: 'boolean',
        summary: 'give files of the same name the new content; they keep their URLs',
      },
      'alt': {
        type: 'string', value: '<text>',
        summary: 'the alt text of all files, or a CSV file with File Name and Alt Text',
      },
      'report': {
        type: 'string', value: '<file.csv>', summary: 'save what became of each file as CSV',
      },
    },
    examples: [
      'altera files upload photos',
      'altera files upload "photos/**/*.jpg" --alt alt-texts.csv',
      'altera files upload logo.png --replace --alt "Our logo"',
    ],
    run: upload,
  },
  'files download': {
    usage: '[directory]',
    summary: "Download the store's files, with a table of them (index.xlsx)",
    options: {
      'media-type': {
        type: 'string', value: '<types>',
        summary: `only ${MEDIA_TYPES.join(', ')}; several with commas`,
      },
      'filename': {type: 'string', value: '<text>', summary: 'only files of this name'},
      'since-last': {
        type: 'boolean', summary: 'only what has changed since the last download into this folder',
      },
      'overwrite': {type: 'boolean', summary: 'replace files here that differ from those of the store'},
    },
    examples: [
      'altera files download backup',
      'altera files download --media-type image,video',
      'altera files download backup --since-last',
    ],
    run: download,
  },
};

async function upload(context) {
  const {args, flags, say, warn, print} = context;
  const altOf = await altTexts(flags.alt);
  const report = flags.report === undefined ? null : await writablePath(flags.report);
  if (report && !/\.csv$/i.test(report)) throw usageError('--report saves CSV: its name ends in .csv.');
  const {files, left} = await localFiles(args);
  const wanted = [];
  const names = new Set();
  for (const file of files) {
    if (flags.replace && names.has(file.name)) {
      left.push({path: file.path, why: 'another file of this name comes before it'});
      continue;
    }
    names.add(file.name);
    if (file.name.length > LONGEST_NAME || NO_NAME.test(file.name)) {
      left.push({path: file.path, why: 'a name that Shopify does not take'});
    } else {
      wanted.push({...file, alt: altOf(file.name)});
    }
  }
  firstOf(left, say, ({path, why}) => `Left out ${oneLine(path)}: ${why}.`, 'left out');

  const api = await connect(context);
  const results = [];
  const total = wanted.reduce((sum, {size}) => sum + size, 0);
  const meter = meterOf(context, 'Uploading', {total, files: wanted.length});
  try {
    await uploadAll(api, wanted, {
      replace: flags.replace ?? false,
      meter,
      seen(result) {
        results.push(result);
        meter.done(result);
      },
    });
  } finally {
    meter.close();
    if (report) await writeFile(report, toCsv([REPORT, ...reportRows(results, left)]));
  }
  const failed = results.filter(({result}) => result === 'failed');
  firstOf(failed, warn, commented, 'not uploaded');
  const renamed = results.filter(({result, comment}) => result !== 'failed' && comment);
  firstOf(renamed, say, commented, 'renamed by Shopify');
  if (flags.json) print({files: results, left_out: left});
  say(`Uploaded ${summed(results, ['uploaded', 'unchanged', 'failed'], 'uploaded')}.`);
  return failed.length ? EXIT.rowsFailed : EXIT.done;
}

async function download(context) {
  const {args: [folder = '.'], flags, say, warn, print} = context;
  const filters = {
    ...(flags['media-type'] !== undefined && {media_type: mediaTypes(flags['media-type'])}),
    ...(flags.filename !== undefined && {filename: flags.filename}),
  };
  const there = await stat(folder).catch(() => null);
  if (there && !there.isDirectory()) throw usageError(`${folder} is not a folder.`);
  const api = await connect(context);
  const record = await recordOf(folder, api.shop);
  if (record.isNew && !flags.overwrite && await stat(join(folder, INDEX)).catch(() => null)) {
    throw usageError(`${join(folder, INDEX)} is there already. Choose another folder, or --overwrite.`);
  }
  if (flags['since-last'] && record.since) filters.updated_since = record.since;

  const results = [];
  const meter = meterOf(context, 'Downloading', {});
  try {
    await downloadAll(api, listed(api, filters), folder, {
      record,
      overwrite: flags.overwrite ?? false,
      meter,
      seen(result) {
        results.push(result);
        meter.done(result);
      },
    });
  } finally {
    meter.close();
  }
  await writeIndex(folder, record);
  const undone = results.filter(({result}) => ['failed', 'differs'].includes(result));
  firstOf(undone, warn, commented, 'not saved');
  if (flags.json) print({files: results.map(({file, ...rest}) => ({...file, ...rest}))});
  const left = results.filter(({result}) => result === 'left out');
  firstOf(left, say, ({file, comment}) => `Left out ${oneLine(file.name || file.id)}: ${oneLine(comment)}`, 'left out');
  const kinds = ['downloaded', 'unchanged', 'differs', 'left out', 'failed'];
  say(`Downloaded ${summed(results, kinds, 'downloaded', ` to ${folder}`)}.`);
  return undone.length ? EXIT.rowsFailed : EXIT.done;
}

/** A line of each of the first, and how many more there are. */
function firstOf(all, tell, line, done) {
  all.slice(0, SHOWN).map(line).forEach((text) => tell(text));
  const more = all.length - SHOWN;
  if (more > 0) tell(`${count(more)} more ${more === 1 ? 'file was' : 'files were'} ${done}.`);
}

const commented = ({path, file, comment}) => `${oneLine(path ?? file.name)}: ${oneLine(comment)}`;

/** `12 files (3.4 MB) to backup, 3 unchanged, 1 failed`. */
function summed(results, kinds, first, where = '') {
  const of = (kind) => results.filter(({result}) => result === kind);
  const moved = of(first).reduce((sum, {size, file}) => sum + (size ?? file?.size ?? 0), 0);
  const others = kinds.filter((kind) => kind !== first && of(kind).length)
    .map((kind) => `${count(of(kind).length)} ${kind}`);
  const head = `${plural(of(first).length, 'file')}${moved ? ` (${bytes(moved)})` : ''}${where}`;
  return [head, ...others].join(', ');
}

function reportRows(results, left) {
  const rows = results.map(({path, size, result, comment, file}) => [
    path, file?.name ?? '', file?.id ?? '', file?.url ?? '', file?.type ?? '', size, result, comment]);
  return [...rows, ...left.map(({path, why}) => [path, '', '', '', '', '', 'left out', why])];
}

/** The alt text by a file's name: one for all, or those of a CSV file. */
async function altTexts(text) {
  if (text === undefined) return () => undefined;
  if (!/\.csv$/i.test(text)) return () => text;
  const content = await readFile(text, 'utf8').catch(() => {
    throw usageError(`There is no file ${text}.`);
  });
  const [header = [], ...rows] = fromCsv(content);
  const names = header.map((name) => name.trim().toLowerCase());
  const [name, alt] = [names.indexOf('file name'), names.indexOf('alt text')];
  if (name < 0 || alt < 0) throw usageError(`${text} needs the columns File Name and Alt Text.`);
  const texts = new Map(rows.map((row) => [row[name]?.trim(), row[alt] ?? '']));
  return (fileName) => texts.get(fileName);
}

function mediaTypes(text) {
  const names = text.split(',').map((name) => name.trim().toLowerCase()).filter(Boolean);
  const wrong = names.find((name) => !MEDIA_TYPES.includes(name));
  if (wrong !== undefined || !names.length) {
    throw usageError(`There is no media type “${wrong ?? text}”.${didYouMean(wrong ?? text, MEDIA_TYPES)} ` +
      `There are: ${MEDIA_TYPES.join(', ')}.`);
  }
  return names.map((name) => API_NAMES[name] ?? name).join(',');
}

/** How far all files are: a bar, and below it the names of those that are under way. */
function meterOf(context, label, {total = null, files = null}) {
  const describe = (done, all, {ready}) =>
    `${inBytes(done, all)}, ${files === null ? plural(ready, 'file') : `${count(ready)} of ${count(files)} files`}`;
  const bar = progress(context, describe);
  const names = new Set();
  let [moved, ready] = [0, 0];
  const show = () => bar.show(label, moved, total, {ready, below: [...names]});
  return {
    begin({path, name}) {
      names.add(path ?? name);
      show();
    },
    read(size) {
      moved += size;
      show();
    },
    end({path, name}) {
      names.delete(path ?? name);
      show();
    },
    done({result, size}) {
      ready += 1;
      // What need not be sent is done as well.
      if (total !== null && result === 'unchanged') moved += size;
      show();
    },
    close: () => bar.end(),
  };
}
