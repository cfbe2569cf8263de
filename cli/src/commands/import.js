/** import create: send a file, wait for the import, tell what became of its rows. */
import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {basename, extname} from 'node:path';

import {connect} from '../connection.js';
import {save, writablePath} from '../download.js';
import {CliError, EXIT, Unreachable} from '../errors.js';
import {demandCompleted, follow, jobPath} from '../jobs.js';
import {inBytes, progress} from '../progress.js';
import {describeRow, resultRows} from '../results.js';
import {count} from '../text.js';
import {EXPORT_ONLY, typeCalled, typeInFileName} from '../types.js';

const MEDIA_TYPES = {
  '.csv': 'text/csv',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const SHOWN_FAILURES = 20;

export const importCommands = {
  'import create': {
    usage: '<file>',
    summary: 'Import a .csv or .xlsx file',
    options: {
      'type': {
        type: 'string', value: '<type>',
        summary: "what the file holds; by default its name says it (my-redirects.csv)",
      },
      'dry-run': {
        type: 'boolean', summary: 'change nothing; print what the import would change',
      },
      'results': {
        type: 'string', value: '<file>',
        summary: 'save what became of each row to this .csv file',
      },
    },
    run: create,
  },
};

async function create(context) {
  const {args: [file], flags, print, say} = context;
  const dryRun = flags['dry-run'] ?? false;
  const type = typeOf(file, flags);
  const source = await sourceOf(file);
  const results = flags.results === undefined ? null : await writablePath(flags.results);

  const api = await connect(context);
  const started = await send(context, api, source, {type, dryRun});
  const label = `${dryRun ? 'Checking' : 'Importing'} ${type}`;
  const job = await follow(context, api, 'import', started, label);
  if (flags.json) print(job);
  job.warnings.forEach((warning) => say(`Warning: ${warning}`));
  demandCompleted('import', job);

  const path = `${jobPath('import', job.id)}/results`;
  if (results) {
    await save(api, path, results);
    say(`Saved what became of each row to ${flags.results}.`);
  }
  if (dryRun && !flags.json) await printChanges(api, path, print);
  else if (job.counts.failed) await tellFailures(api, path, job.counts.failed, say);
  say(summary(job.counts, dryRun));
  return job.counts.failed ? EXIT.rowsFailed : EXIT.done;
}

function typeOf(file, flags) {
  const type = flags.type === undefined ? typeInFileName(basename(file)) : typeCalled(flags.type);
  if (!type) {
    throw new CliError(
      `The name ${basename(file)} does not say what it holds. Add --type, for example ` +
        '--type redirects.', EXIT.usage);
  }
  if (EXPORT_ONLY.includes(type)) {
    throw new CliError(`Shopify lets nobody write ${type}: they can only be exported.`, EXIT.usage);
  }
  return type;
}

/** What is to be sent: {file, size in bytes, media type}. */
async function sourceOf(file) {
  const mediaType = MEDIA_TYPES[extname(file).toLowerCase()];
  if (!mediaType) {
    throw new CliError(
      `${file} is neither a .csv nor an .xlsx file. Save it as one of them.`, EXIT.usage);
  }
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) throw new CliError(`There is no file ${file}.`, EXIT.usage);
  return {file, size: found.size, mediaType};
}

async function send(context, api, {file, size, mediaType}, {type, dryRun}) {
  const bar = progress(context, inBytes);
  async function* contents() {
    let sent = 0;
    for await (const chunk of createReadStream(file)) {
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

async function printChanges(api, path, print) {
  for await (const row of resultRows(api, path)) {
    if (row.result !== 'unchanged') print(describeRow(row));
  }
}

async function tellFailures(api, path, failed, say) {
  let shown = 0;
  for await (const row of resultRows(api, path)) {
    if (row.result !== 'failed') continue;
    say(describeRow(row));
    shown += 1;
    if (shown === SHOWN_FAILURES) break;
  }
  if (failed > shown) {
    say(`… and ${count(failed - shown)} more. --results <file> saves what became of each row.`);
  }
}

function summary(counts, dryRun) {
  const parts = Object.entries(counts)
    .filter(([, number]) => number)
    .map(([result, number]) => `${count(number)} ${result}`);
  return `${dryRun ? 'Dry run, nothing was changed: ' : 'Imported: '}${
    parts.join(', ') || 'no rows'}.`;
}
