/** import …: send a file, look at its plan, apply or undo it, tell what became of its rows. */
import {connect} from '../connection.js';
import {copy, save, writablePath} from '../download.js';
import {CliError, EXIT, usageError} from '../errors.js';
import {demandEnding, nameOf} from '../exports.js';
import {NOT_DONE, WAITING, demandCompleted, follow, jobPath, kindOf, notDone} from '../jobs.js';
import {LIMITS, changes, mailsOf, planLines, printPlan, remarks} from '../plan.js';
import {inBytes, progress} from '../progress.js';
import {ask, isAsked} from '../prompt.js';
import {LINES, describeRow, resultRows} from '../results.js';
import {STDIN, sourceOf} from '../source.js';
import {count, json, oneLine, plural} from '../text.js';
import {printJob} from './job.js';

const SHOWN_FAILURES = 20;
const RESULT_FORMATS = ['csv', 'jsonl', 'zip'];
const PLAN_FORMATS = ['xlsx', 'jsonl'];
const COLORS = {production: 'red', staging: 'yellow', development: 'green'};
const EXAMPLE = 'imp_d4gqfqyGNS8l8UWuw5y0';

const DECIDING = {
  'yes': {
    type: 'boolean',
    summary: 'accept whatever limits find in the plan, except deletes; ask nothing in production',
  },
  'confirm-deletes': {
    type: 'string', value: '<number>',
    summary: 'accept exactly so many deletes; with another number nothing is done',
  },
};
const RESULTS = {
  type: 'string', value: '<file>',
  summary: 'save the result of each row to this .csv, .jsonl or (of several sheets) .zip file',
};
const DRY_RUN = {type: 'boolean', summary: 'change nothing; print what would change'};

export const importCommands = {
  'import create': {
    usage: '<file>...',
    summary: 'Import .csv, .xlsx, .zip or .jsonl files (- for standard input)',
    options: {
      'type': {
        type: 'string', value: '<type>',
        summary: 'the data type; by default found in the names of files and sheets',
      },
      'dry-run': DRY_RUN,
      'blank': {
        type: 'string', value: '<keep|clear>',
        summary: "keep the store's values where a cell is blank (the default), or clear them",
      },
      'strict': {
        type: 'boolean', summary: 'fail rows whose command does not fit what the store has',
      },
      ...DECIDING,
      'results': RESULTS,
      'detailed-exitcode': {
        type: 'boolean', summary: 'with --dry-run: exit with 6 if there are changes',
      },
      'no-wait': {type: 'boolean', summary: 'print the ID of the import without waiting for it'},
    },
    examples: [
      'altera import create my-redirects.csv --dry-run',
      'altera import create my-redirects.csv --results results.csv',
      'altera import create Sheet1.xlsx --type products',
      'altera import create store.xlsx --yes --confirm-deletes 42',
      'altera import create products.csv collections.csv redirects.csv',
      './make-redirects | altera import create - --type redirects',
    ],
    run: create,
  },
  'import show': {
    usage: '<id>', summary: 'Show the plan and the status of an import',
    options: {
      output: {
        type: 'string', short: 'o', value: '<file>',
        summary: 'save the plan: plan.xlsx is the file with its changes coloured, or plan.jsonl',
      },
    },
    examples: [
      `altera import show ${EXAMPLE}`, `altera import show ${EXAMPLE} --output plan.xlsx`,
    ],
    run: show,
  },
  'import apply': {
    usage: '<id>', summary: 'Apply an import that is planned or held',
    options: {...DECIDING, results: RESULTS},
    examples: [
      `altera import apply ${EXAMPLE}`, `altera import apply ${EXAMPLE} --confirm-deletes 42`,
    ],
    run: apply,
  },
  'import undo': {
    usage: '<id>', summary: 'Undo an import: what is still as it left it becomes as it was',
    options: {
      'dry-run': DRY_RUN,
      'force': {type: 'boolean', summary: 'take back what others have changed since, too'},
      ...DECIDING,
      'results': RESULTS,
    },
    examples: [`altera import undo ${EXAMPLE} --dry-run`, `altera import undo ${EXAMPLE}`],
    run: undo,
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
  const {args: files, flags, print, say} = context;
  const dryRun = flags['dry-run'] ?? false;
  const confirm = confirmed(flags);
  if (flags.blank !== undefined && !['keep', 'clear'].includes(flags.blank)) {
    throw usageError(`--blank is keep or clear, not “${flags.blank}”.`);
  }
  const source = await sourceOf(context, files, flags);
  const target = await targetOf(flags.results);
  if (flags['no-wait'] && target) {
    throw usageError('--no-wait does not save results. Leave --results out and get them later with ' +
      'altera import results <id>.');
  }

  const api = await connect(context);
  const key = await announced(context, api);
  if (flags['no-wait'] && !dryRun) await demandAgreed(context, key);
  // Whoever sits at a terminal sees the plan before it is applied.
  const looks = !dryRun && !flags['no-wait'] && isAsked(context);
  const query = {
    dry_run: dryRun || looks,
    ...(flags.blank && {blank: flags.blank}),
    ...(flags.strict && {strict: true}),
    ...(confirm && {confirm}),
  };
  const started = await send(context, api, source, query);
  if (flags['no-wait']) {
    print(flags.json ? started : started.id);
    return say(`The import has started. Check its status with: altera import show ${started.id}`);
  }
  const job = await followed(context, api, started);
  if (dryRun) return toldPlan(context, api, job, target);
  if (looks) return decided(context, api, job, target, key);
  return told(context, api, job, target);
}

/** The key in hand, its store and label told where it has one. */
async function announced(context, api) {
  const key = await api.get('/key');
  if (key.environment) {
    const label = context.paint(COLORS[key.environment], key.environment.toUpperCase());
    context.say(`${label}: ${key.shop.domain}, key “${oneLine(key.name)}”`);
  }
  return key;
}

/** Whether nothing forbids it: a key for production is asked about at a terminal. */
async function agreedFor(context, {environment, shop}) {
  if (environment !== 'production' || context.flags.yes || !isAsked(context)) return true;
  return confirmedBy(context, `This changes the production store ${shop.domain}`);
}

async function demandAgreed(context, key) {
  if (!await agreedFor(context, key)) throw new CliError('Nothing was changed.', EXIT.held);
}

/** Show a plan, ask where a limit says so, apply it, and tell what came of it. */
async function decided(context, api, job, target, key) {
  const {flags, say} = context;
  const path = jobPath('import', job.id);
  if (!flags.json) await printPlan(context, job, planLines(api, path));
  if (job.plan.approval) return asked(context, api, job);
  const agreed = !changes(job.plan) || await agreedFor(context, key);
  const accept = agreed ? await accepted(context, job.plan) : null;
  if (accept === null) {
    say('Nothing was changed. The plan is kept. Accept what limits hold with --yes, and deletes with ' +
      `--confirm-deletes <number>:\n  altera import apply ${job.id}`);
    return EXIT.held;
  }
  const applied = await api.post(`${path}/apply`, {accept});
  return told(context, api, await followed(context, api, applied), target);
}

/** Ask the store to look at a plan that its key does not apply. */
async function asked(context, api, job) {
  if (job.status !== 'held') {
    try {
      await api.post(`${jobPath('import', job.id)}/apply`, {accept: {}});
    } catch (error) {
      if (error.code !== 'approval_needed') throw error;
    }
  }
  return waits(context, job);
}

function waits({say}, {id}) {
  say(`The import ${id} waits for approval. Nothing was changed. ` +
    'A person applies or discards it under Settings > Jobs.');
  return EXIT.held;
}

/** What of the limits is accepted, by limit its count; null when something is not. */
async function accepted(context, plan) {
  const {flags, say} = context;
  const deletes = deletesIn(flags);
  const accept = {};
  if (deletes !== undefined) {
    if (deletes !== plan.deleted) {
      say(`The plan deletes ${plural(plan.deleted, 'object')}, not ${count(deletes)}.`);
      return null;
    }
    accept.deletes = deletes;
  }
  for (const {limit, count: number} of plan.limits) {
    if (limit in accept) continue;
    if (limit !== 'deletes' && flags.yes) accept[limit] = number;
    else if (isAsked(context) && await agreed(context, limit, number)) accept[limit] = number;
    else return null;
  }
  const mails = mailsOf(plan);
  if (mails && !flags.yes && isAsked(context) && !await confirmedBy(context, mails)) return null;
  return accept;
}

const confirmedBy = async (context, words) =>
  /^y(es)?$/i.test(await ask(context, `${words}. Apply? [y/N] `));

async function agreed(context, limit, number) {
  const words = (LIMITS[limit] ?? String)(number);
  if (limit === 'deletes') {
    return await ask(context, `${words}. Type ${number} to confirm: `) === String(number);
  }
  return confirmedBy(context, words);
}

const deletesIn = ({'confirm-deletes': text}) => {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text && Number(text);
  throw usageError(`--confirm-deletes must be a whole number, not “${text}”.`);
};

/** The API's `confirm` for what is accepted on the command line. */
function confirmed(flags) {
  const deletes = deletesIn(flags);
  return [
    ...(flags.yes ? ['changes'] : []), ...(deletes === undefined ? [] : [`deletes:${deletes}`]),
  ].join(',');
}

const LABELS = {planning: 'Planning', applying: 'Applying', queued: 'Importing'};
const labelOf = ({status, types}) => `${LABELS[status] ?? 'Importing'} ${nameOf(types)}`;

/** The import once nothing more happens by itself, its warnings told. */
async function followed(context, api, started) {
  const job = await follow(context, api, 'import', started, labelOf);
  if (started.status === 'queued' && !started.plan) job.warnings.forEach(context.warn);
  demandCompleted('import', job);
  return job;
}

/** Tell a dry run: its plan is the result. */
async function toldPlan(context, api, job, target) {
  const {flags, say} = context;
  const path = jobPath('import', job.id);
  if (target) await saveResults(context, api, `${path}/results`, target, flags.results, sheetsOf(job));
  await writePlan(context, api, job);
  const next = job.plan.approval ? 'Ask for its approval' : 'Apply it';
  say(changes(job.plan)
    ? `Dry run, nothing was changed. ${next} with: altera import apply ${job.id}`
    : 'Dry run: there is nothing to change.');
  if (notDone(job)) return EXIT.rowsFailed;
  return flags['detailed-exitcode'] && changes(job.plan) ? EXIT.changes : EXIT.done;
}

/** The plan on standard output: its lines with --json, else for a person. */
async function writePlan(context, api, job) {
  const lines = planLines(api, jobPath('import', job.id), {all: context.flags.json});
  if (!context.flags.json) return printPlan(context, job, lines);
  for await (const line of lines) context.write(json(JSON.parse(line), 0));
}

/** Tell what came of an import, or that it is held. */
async function told(context, api, job, target) {
  const {flags, print, say} = context;
  const path = `${jobPath('import', job.id)}/results`;
  if (flags.json) print(job);
  if (job.status === 'held' && job.plan.approval) return waits(context, job);
  if (job.status === 'held') {
    say(`The import ${job.id} is held by a limit. Nothing was changed.`);
    for (const {limit, count: number} of job.plan.limits) say(`  ${(LIMITS[limit] ?? String)(number)}`);
    say(`Look at it with: altera import show ${job.id}\nApply it with: altera import apply ${job.id}`);
    return EXIT.held;
  }
  if (target) await saveResults(context, api, path, target, flags.results, sheetsOf(job));
  if (notDone(job) && !flags.json) await tellFailures(context, api, path, notDone(job));
  remarks(job.plan ?? {}, {applied: true}).forEach((remark) => say(remark));
  say(summary(job.counts));
  return notDone(job) ? EXIT.rowsFailed : EXIT.done;
}

async function show(context) {
  const {args: [id], flags, say, write} = context;
  kindOf(id, 'import');
  if (flags.output !== undefined) demandEnding(flags.output, PLAN_FORMATS);
  const target = flags.output === undefined ? null : await writablePath(flags.output);
  const api = await connect(context);
  const path = jobPath('import', id);
  if (target) {
    const format = flags.output.toLowerCase().endsWith('.xlsx') ? 'xlsx' : 'jsonl';
    await save(api, `${path}/plan?format=${format}`, target, {});
    return say(`Saved the plan to ${flags.output}.`);
  }
  const job = await api.get(path);
  if (!job.plan) return printJob(context, 'import', job);
  if (!flags.json) {
    printJob(context, 'import', job);
    write('');
  }
  return writePlan(context, api, job);
}

async function apply(context) {
  const {args: [id], flags} = context;
  kindOf(id, 'import');
  deletesIn(flags);
  const target = await targetOf(flags.results);
  const api = await connect(context);
  const key = await announced(context, api);
  const job = await api.get(jobPath('import', id));
  if (job.plan && WAITING.includes(job.status)) return decided(context, api, job, target, key);
  const applied = await api.post(`${jobPath('import', id)}/apply`, {accept: {}}); // says why not
  return told(context, api, await followed(context, api, applied), target);
}

async function undo(context) {
  const {args: [id], flags} = context;
  kindOf(id, 'import');
  deletesIn(flags);
  const target = await targetOf(flags.results);
  const api = await connect(context);
  const key = await announced(context, api);
  // What a limit would hold can only be accepted once it is counted: so it is planned first.
  const started = await api.post(`${jobPath('import', id)}/undo`, {
    dry_run: true, force: flags.force ?? false,
  });
  const job = await followed(context, api, started);
  if (flags['dry-run']) return toldPlan(context, api, job, target);
  return decided(context, api, job, target, key);
}

/** The path to save results at, if one is named. */
async function targetOf(file) {
  demandEnding(file, RESULT_FORMATS);
  return file === undefined ? null : writablePath(file);
}

async function send(context, api, {stream, again = true, size, mediaType, query: of}, wanted) {
  const bar = progress(context, inBytes);
  let source;
  async function* contents() {
    source?.destroy();
    source = stream();
    let sent = 0;
    for await (const chunk of source) {
      yield chunk;
      sent += chunk.length;
      bar.show('Uploading', sent, size);
    }
  }
  const query = new URLSearchParams({...of, ...wanted});
  const missed = () => explain(api, of.type);
  try {
    const how = {size, type: mediaType, repeated: again, missed};
    return await api.upload(`/imports?${query}`, contents, how);
  } finally {
    bar.end();
    source?.destroy(); // a pipe that stays open would keep the program waiting
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

function summary(counts) {
  const parts = Object.entries(counts)
    .filter(([, number]) => number)
    .map(([result, number]) => `${count(number)} ${result}`);
  return `Imported: ${parts.join(', ') || 'no rows'}.`;
}
