/** import …: send a file, wait for the import, tell what became of its rows. */
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {basename, extname} from 'node:path';

import {connect} from '../connection.js';
import {copy, save, writablePath} from '../download.js';
import {CliError, EXIT, Unreachable, usageError} from '../errors.js';
import {demandEnding} from '../exports.js';
import {NOT_DONE, demandCompleted, follow, jobPath, kindOf, notDone} from '../jobs.js';
import {inBytes, progress} from '../progress.js';
import {LINES, describeRow, resultRows} from '../results.js';
import {count, json} from '../text.js';
import {EXPORT_ONLY, typeCalled, typeInFileName} from '../types.js';
import {showJob} from './job.js';

const MEDIA_TYPES = {
  '.csv': 'text/csv',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const STDIN = '-';
const SHOWN_FAILURES = 20;
const RESULT_FORMATS = ['csv', 'jsonl'];
const EXAMPLE = 'imp_d4gqfqyGNS8l8UWuw5y0';

export const importCommands = {
  'import create': {
    usage: '<file>',
    summary: 'Import a .csv or .xlsx file (- for standard input)',
    options: {
      'type': {
        type: 'string', value: '<type>',
        summary: 'the data type; by default found in the file name (my-redirects.csv)',
      },
      'dry-run': {
        type: 'boolean', summary: 'change nothing; print what would change',
      },
      'results': {
        type: 'string', value: '<file>',
        summary: 'save the result of each row to this .csv or .jsonl file',
      },
      'no-wait': {type: 'boolean', summary: 'print the ID of the import without waiting for it'},
    },
    examples: [
      'altera import create my-redirects.csv --dry-run',
      'altera import create my-redirects.csv --results results.csv',
      'altera import create Sheet1.xlsx --type products',
      './make-redirects | altera import create - --type redirects',
    ],
    run: create,
  },
  'import show': {
    usage: '<id>', summary: 'Show the status of an import', options: {},
    examples: [`altera import show ${EXAMPLE}`],
    run: (context) => showJob(context, 'import'),
  },
  'import results': {
    usage: '<id>', summary: 'Show the result of each row of an import',
    options: {
      failed: {type: 'boolean', summary: 'only the rows that failed'},
      output: {
        type: 'string', short: 'o', value: '<file>',
        summary: 'save them as a .csv or .jsonl file (- for CSV on standard output)',
      },
    },
    examples: [
      `altera import results ${EXAMPLE}`, `altera import results ${EXAMPLE} --failed -o failed.csv`,
    ],
    run: results,
  },
};

async function create(context) {
  const {args: [file], flags, print, say, warn} = context;
  const dryRun = flags['dry-run'] ?? false;
  const source = await sourceOf(context, file);
  const type = typeOf(file, flags);
  demandEnding(flags.results, RESULT_FORMATS);
  const target = flags.results === undefined ? null : await writablePath(flags.results);
  if (flags['no-wait'] && target) {
    throw usageError('--no-wait does not save results. Leave --results out and get them later with ' +
      'altera import results <id>.');
  }

  const api = await connect(context);
  const started = await send(context, api, source, {type, dryRun});
  if (flags['no-wait']) {
    print(flags.json ? started : started.id);
    return say(`The import has started. Check its status with: altera import show ${started.id}`);
  }
  const label = `${dryRun ? 'Checking' : 'Importing'} ${type}`;
  const job = await follow(context, api, 'import', started, label);
  if (flags.json) print(job);
  job.warnings.forEach(warn);
  demandCompleted('import', job);

  const path = `${jobPath('import', job.id)}/results`;
  if (target) await saveResults(context, api, path, target, flags.results);
  if (dryRun && !flags.json) await printChanges(context, api, path);
  else if (notDone(job) && !flags.json) await tellFailures(context, api, path, notDone(job));
  say(summary(job.counts, dryRun));
  return notDone(job) ? EXIT.rowsFailed : EXIT.done;
}

function typeOf(file, flags) {
  const type = flags.type === undefined ? typeInFileName(basename(file)) : typeCalled(flags.type);
  if (!type) {
    const name = file === STDIN ? 'Standard input' : `The name ${basename(file)}`;
    throw usageError(
      `${name} does not say which data type it holds. Add --type, for example --type redirects.`);
  }
  if (EXPORT_ONLY.includes(type)) {
    throw usageError(`${type} can only be exported: Shopify does not allow writing them.`);
  }
  return type;
}

/** What is to be sent: {stream(), size in bytes or null, media type}. */
async function sourceOf({stdin}, file) {
  if (file === STDIN) {
    if (stdin.isTTY) {
      throw usageError('There is nothing on standard input. Pipe a file into it, or name the file.');
    }
    // Of what a pipe brings nobody knows the length or the format; the server looks at its content.
    return {stream: () => stdin, size: null, mediaType: 'application/octet-stream'};
  }
  const found = await stat(file).catch(() => null);
  if (!found) throw usageError(`There is no file ${file}.`);
  if (found.isDirectory()) throw usageError(`${file} is a folder. Name a file in it.`);
  const ending = extname(file).toLowerCase();
  if (ending === '.xls') {
    throw usageError(`${file} is an old Excel workbook (.xls). Open it and save it as .xlsx.`);
  }
  const mediaType = MEDIA_TYPES[ending];
  if (!mediaType) {
    throw usageError(`${file} is neither a .csv nor an .xlsx file. Save it as one of those.`);
  }
  const size = found.isFile() ? found.size : null; // a named pipe has none
  return {stream: () => createReadStream(file), size, mediaType};
}

async function send(context, api, {stream, size, mediaType}, {type, dryRun}) {
  const bar = progress(context, inBytes);
  const source = stream();
  async function* contents() {
    let sent = 0;
    for await (const chunk of source) {
      yield chunk;
      sent += chunk.length;
      bar.show('Uploading', sent, size);
    }
  }
  const query = new URLSearchParams({type, dry_run: dryRun});
  try {
    return await api.upload(`/imports?${query}`, contents(), {size, type: mediaType});
  } catch (error) {
    bar.end();
    if (error instanceof Unreachable && !context.signal.aborted) await explain(api, type);
    throw error;
  } finally {
    bar.end();
    source.destroy(); // a pipe that stays open would keep the program waiting
  }
}

/** A server may refuse a large file by hanging up on it: find out whether the key is the reason. */
async function explain(api, type) {
  const {name, permissions} = await api.get('/key');
  if (!permissions.import.includes(type)) {
    throw new CliError(
      `Key “${name}” may not import ${type}. Tick it under Settings > API Keys.`, EXIT.forbidden);
  }
}

async function results(context) {
  const {args: [id], flags, stdout, write} = context;
  kindOf(id, 'import');
  const all = `${jobPath('import', id)}/results`;
  const path = flags.failed ? `${all}?only=failed` : all;
  if (flags.output === STDIN && flags.json) {
    throw usageError('--json and --output - both use standard output. Leave one out.');
  }
  const toFile = flags.output !== undefined && flags.output !== STDIN;
  if (toFile) demandEnding(flags.output, RESULT_FORMATS);
  const target = toFile ? await writablePath(flags.output) : null;
  const api = await connect(context);
  if (target) return saveResults(context, api, path, target, flags.output);
  if (flags.output === STDIN) {
    return void await copy(api, path, {
      write: (chunk) => new Promise((resolve, reject) => {
        stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
    });
  }
  // All of them, as their numbers are counted here.
  for await (const row of resultRows(api, all)) {
    if (flags.failed && row.result !== 'failed') continue;
    write(flags.json ? json(row.row, 0) : describeRow(row, context.paint));
  }
}

async function saveResults({say}, api, path, target, name) {
  const accept = name.toLowerCase().endsWith('.jsonl') ? LINES : 'text/csv';
  await save(api, path, target, {accept});
  say(`Saved the result of each row to ${name}.`);
}

async function printChanges({write, paint}, api, path) {
  for await (const row of resultRows(api, path)) {
    if (row.result !== 'unchanged') write(describeRow(row, paint));
  }
}

async function tellFailures({say, flags}, api, path, failed) {
  if (flags.quiet) return;
  let shown = 0;
  for await (const row of resultRows(api, path)) {
    if (!NOT_DONE.includes(row.result)) continue;
    say(describeRow(row));
    shown += 1;
    if (shown === SHOWN_FAILURES) break;
  }
  if (failed > shown) {
    say(`… and ${count(failed - shown)} more. --results <file> saves the result of each row.`);
  }
}

function summary(counts, dryRun) {
  const parts = Object.entries(counts)
    .filter(([, number]) => number)
    .map(([result, number]) => `${count(number)} ${result}`);
  return `${dryRun ? 'Dry run, nothing was changed: ' : 'Imported: '}${
    parts.join(', ') || 'no rows'}.`;
}
