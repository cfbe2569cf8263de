/** import …: send a file, wait for the import, tell what became of its rows. */
import {connect} from '../connection.js';
import {copy, save, writablePath} from '../download.js';
import {CliError, EXIT, Unreachable, usageError} from '../errors.js';
import {demandEnding} from '../exports.js';
import {NOT_DONE, demandCompleted, follow, jobPath, kindOf, notDone} from '../jobs.js';
import {inBytes, progress} from '../progress.js';
import {LINES, describeRow, resultRows} from '../results.js';
import {count, json} from '../text.js';
import {STDIN, sourceOf} from '../source.js';
import {showJob} from './job.js';

const SHOWN_FAILURES = 20;
const RESULT_FORMATS = ['csv', 'jsonl', 'zip'];
const EXAMPLE = 'imp_d4gqfqyGNS8l8UWuw5y0';

export const importCommands = {
  'import create': {
    usage: '<file>...',
    summary: 'Import .csv, .xlsx, .zip or .jsonl files (- for standard input)',
    options: {
      'type': {
        type: 'string', value: '<type>',
        summary: 'the data type; by default found in the names of files and sheets',
      },
      'dry-run': {
        type: 'boolean', summary: 'change nothing; print what would change',
      },
      'results': {
        type: 'string', value: '<file>',
        summary: 'save the result of each row to this .csv, .jsonl or (of several sheets) .zip file',
      },
      'no-wait': {type: 'boolean', summary: 'print the ID of the import without waiting for it'},
    },
    examples: [
      'altera import create my-redirects.csv --dry-run',
      'altera import create my-redirects.csv --results results.csv',
      'altera import create Sheet1.xlsx --type products',
      'altera import create store.xlsx',
      'altera import create products.csv collections.csv redirects.csv',
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
        summary: 'save them as a .csv, .jsonl or (of several sheets) .zip file (- for standard output)',
      },
    },
    examples: [
      `altera import results ${EXAMPLE}`, `altera import results ${EXAMPLE} --failed -o failed.csv`,
    ],
    run: results,
  },
};

async function create(context) {
  const {args: files, flags, print, say, warn} = context;
  const dryRun = flags['dry-run'] ?? false;
  const source = await sourceOf(context, files, flags);
  demandEnding(flags.results, RESULT_FORMATS);
  const target = flags.results === undefined ? null : await writablePath(flags.results);
  if (flags['no-wait'] && target) {
    throw usageError('--no-wait does not save results. Leave --results out and get them later with ' +
      'altera import results <id>.');
  }

  const api = await connect(context);
  const started = await send(context, api, source, {dryRun});
  if (flags['no-wait']) {
    print(flags.json ? started : started.id);
    return say(`The import has started. Check its status with: altera import show ${started.id}`);
  }
  const label = `${dryRun ? 'Checking' : 'Importing'} ${source.about}`;
  const job = await follow(context, api, 'import', started, label);
  if (flags.json) print(job);
  job.warnings.forEach(warn);
  demandCompleted('import', job);

  const path = `${jobPath('import', job.id)}/results`;
  if (target) await saveResults(context, api, path, target, flags.results, sheetsOf(job));
  if (dryRun && !flags.json) await printChanges(context, api, path);
  else if (notDone(job) && !flags.json) await tellFailures(context, api, path, notDone(job));
  say(summary(job.counts, dryRun));
  return notDone(job) ? EXIT.rowsFailed : EXIT.done;
}

async function send(context, api, {stream, size, mediaType, query: of}, {dryRun}) {
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
  const query = new URLSearchParams({...of, dry_run: dryRun});
  try {
    return await api.upload(`/imports?${query}`, contents(), {size, type: mediaType});
  } catch (error) {
    bar.end();
    if (error instanceof Unreachable && !context.signal.aborted) await explain(api, of.type);
    throw error;
  } finally {
    bar.end();
    source.destroy(); // a pipe that stays open would keep the program waiting
  }
}

/** A server may refuse a large file by hanging up on it: find out whether the key is the reason. */
async function explain(api, type) {
  const {name, permissions} = await api.get('/key');
  if (type && !permissions.import.includes(type)) {
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
  if (target) {
    const sheets = sheetsOf(await api.get(jobPath('import', id)));
    return saveResults(context, api, path, target, flags.output, sheets);
  }
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

const sheetsOf = ({sheets = []}) => sheets.length;

/** Those of several sheets are a zip: a name that ends otherwise gets the ending that is true. */
async function saveResults({say}, api, path, target, name, sheets) {
  const lines = name.toLowerCase().endsWith('.jsonl');
  const [ending, other] = sheets > 1 ? ['.zip', '.csv'] : ['.csv', '.zip'];
  const named = (file) =>
    !lines && file.toLowerCase().endsWith(other) ? file.slice(0, -other.length) + ending : file;
  await save(api, path, named(target), {accept: lines ? LINES : '*/*'});
  say(`Saved the result of each row to ${named(name)}.`);
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
