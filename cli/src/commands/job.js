/** job …: the exports and imports of the shop, together. */
import {connect} from '../connection.js';
import {CliError, EXIT} from '../errors.js';
import {nameOf} from '../exports.js';
import {cancel, endOf, jobPath} from '../jobs.js';
import {count, table} from '../text.js';

const KINDS = {exp: 'export', imp: 'import'};

export const jobCommands = {
  'job list': {
    usage: '', summary: 'List exports and imports, the newest first', options: {}, run: list,
  },
  'job show': {
    usage: '<id>', summary: 'Tell how an export or import stands', options: {}, run: show,
  },
  'job cancel': {usage: '<id>', summary: 'Stop an export or import', options: {}, run: stop},
};

async function list(context) {
  const {flags, print, say} = context;
  const api = await connect(context);
  const [{exports}, {imports}] = await Promise.all([api.get('/exports'), api.get('/imports')]);
  if (flags.json) return print({exports, imports});
  const jobs = [
    ...exports.map((job) => ({kind: 'export', ...job})),
    ...imports.map((job) => ({kind: 'import', ...job})),
  ].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  if (!jobs.length) return say('There are no exports or imports yet.');
  print(table([
    ['ID', 'KIND', 'TYPES', 'STATUS', 'ROWS', 'CREATED'],
    ...jobs.map((job) =>
      [job.id, job.kind, nameOf(namesOf(job)), job.status, rowsOf(job), job.created_at]),
  ]));
}

async function show(context) {
  const {args: [id], flags, print} = context;
  const kind = kindOf(id);
  const api = await connect(context);
  const job = await api.get(jobPath(kind, id));
  if (flags.json) return print(job);
  const counts = Object.entries(job.counts ?? {}).map(([name, number]) => [name, count(number)]);
  print(table([
    ['ID', job.id],
    ['Kind', `${kind}${job.dry_run ? ' (dry run)' : ''}`],
    ['Types', namesOf(job).join(', ')],
    ...(job.format ? [['Format', job.format]] : []),
    ['Status', job.status],
    ['Rows', rowsOf(job)],
    ...counts,
    ...(job.warnings ?? []).map((warning) => ['Warning', warning]),
    ['Created', job.created_at],
    ['Finished', job.finished_at ?? 'not yet'],
    ...(job.error ? [['Error', job.error]] : []),
  ]));
}

async function stop(context) {
  const {args: [id], flags, print, say} = context;
  const kind = kindOf(id);
  const api = await connect(context);
  const job = await cancel(api, kind, id);
  if (flags.json) print(job);
  say(endOf(kind, job));
  return job.status === 'canceled' ? EXIT.done : EXIT.failed;
}

function kindOf(id) {
  const [, prefix] = /^(exp|imp)_[A-Za-z0-9_-]+$/.exec(id) ?? [];
  if (prefix) return KINDS[prefix];
  throw new CliError(
    `“${id}” is not the ID of a job. See the IDs with: altera job list`, EXIT.usage);
}

const namesOf = ({types, type}) => types ?? [type];

/** The rows of an export's file once there is one; of an import those that are done. */
function rowsOf({types, rows, progress}) {
  const known = rows ?? (types ? null : progress?.done ?? 0);
  return known === null ? '' : count(known);
}
