/** job …: the exports and imports of the key, together. */
import {connect} from '../connection.js';
import {EXIT, usageError} from '../errors.js';
import {nameOf} from '../exports.js';
import {STATUSES, cancel, endOf, jobPath, kindOf, statusOf, styleOf} from '../jobs.js';
import {didYouMean} from '../suggest.js';
import {count, fullTime, localTime} from '../text.js';
import {widthOf} from '../terminal.js';
import {LABELS} from './shop.js';

const LISTED = 20;

export const jobCommands = {
  'job list': {
    usage: '', summary: "List this key's exports and imports, newest first",
    options: {
      limit: {
        type: 'string', value: '<number>', summary: `how many to list (${LISTED} by default)`,
      },
      status: {
        type: 'string', value: '<status>', multiple: true,
        summary: `only those that are ${STATUSES.join(', ')}; may be repeated`,
      },
    },
    examples: ['altera job list', 'altera job list --status failed --limit 100'],
    run: list,
  },
  'job show': {
    usage: '<id>', summary: 'Show the status of an export or import', options: {},
    examples: ['altera job show exp_rginM6fkToxSvOUdxqTR'],
    run: (context) => showJob(context),
  },
  'job cancel': {
    usage: '<id>', summary: 'Cancel an export or import', options: {},
    examples: ['altera job cancel imp_d4gqfqyGNS8l8UWuw5y0'],
    run: stop,
  },
};

async function list(context) {
  const {flags, print, say} = context;
  const limit = limitOf(flags);
  const statuses = statusesOf(flags);
  const api = await connect(context);
  const [{exports}, {imports}] = await Promise.all([api.get('/exports'), api.get('/imports')]);
  const jobs = [
    ...exports.map((job) => ({kind: 'export', job})),
    ...imports.map((job) => ({kind: 'import', job})),
  ].filter(({job}) => !statuses.length || statuses.includes(job.status))
    .sort((a, b) => Date.parse(b.job.created_at) - Date.parse(a.job.created_at));
  const shown = jobs.slice(0, limit ?? (flags.json ? Infinity : LISTED));
  if (flags.json) {
    const of = (wanted) => shown.filter(({kind}) => kind === wanted).map(({job}) => job);
    return print({exports: of('export'), imports: of('import')});
  }
  if (!jobs.length) {
    return say(statuses.length ? `No export or import is ${statuses.join(' or ')}.`
      : 'There are no exports or imports yet.');
  }
  printJobs(context, shown);
  const more = jobs.length - shown.length;
  if (more) say(`… and ${count(more)} more. List them with --limit ${jobs.length}.`);
}

/** The jobs as a table that fits the terminal: without ROWS, then with shorter names, if need be. */
function printJobs({printTable, columns}, jobs) {
  let rows = [
    ['ID', 'JOB', 'STATUS', 'CREATED', 'ROWS'],
    ...jobs.map(({kind, job}) => [
      job.id, `${job.dry_run ? 'dry run' : kind} ${nameOf(namesOf(job))}`, statusOf(job),
      localTime(job.created_at), rowsOf(job),
    ]),
  ];
  const width = (column) => Math.max(...rows.map((row) => widthOf(row[column])));
  const total = () => rows[0].reduce((sum, _, column) => sum + width(column) + 2, -2);
  if (total() > (columns ?? Infinity)) rows = rows.map((row) => row.slice(0, -1));
  const excess = Math.max(total() - (columns ?? Infinity), 0);
  printTable(rows, {
    widths: [Infinity, Math.max(width(1) - excess, 8)],
    style: (row, column) => row === 0 ? 'bold' : column === 2 ? styleOf(jobs[row - 1].job) : '',
  });
}

function limitOf({limit}) {
  if (limit === undefined || /^[1-9]\d{0,8}$/.test(limit)) return limit && Number(limit);
  throw usageError(`--limit must be a whole number above 0, not “${limit}”.`);
}

function statusesOf({status = []}) {
  const statuses = status.flatMap((text) => text.toLowerCase().split(',')).map((text) => text.trim());
  const unknown = statuses.find((text) => !STATUSES.includes(text));
  if (unknown === undefined) return statuses;
  throw usageError(`There is no status “${unknown}”.${didYouMean(unknown, STATUSES)} ` +
    `It is one of ${STATUSES.join(', ')}.`);
}

/** How a job stands: `job show` and `export show`. */
export async function showJob(context, expected) {
  const {args: [id]} = context;
  const kind = kindOf(id, expected);
  const api = await connect(context);
  printJob(context, kind, await api.get(jobPath(kind, id)));
}

export function printJob({flags, print, printTable}, kind, job) {
  if (flags.json) return print(job);
  const rows = [
    ['ID', job.id],
    ['Kind', job.dry_run ? `${kind} (dry run)` : kind],
    ['Types', namesOf(job).join(', ')],
    ...(job.format ? [['Format', job.format]] : []),
    ...filtersOf(job),
    ['Status', statusOf(job)],
    ['Rows', rowsOf(job)],
    ...Object.entries(job.counts ?? {}).filter(([, number]) => number)
      .map(([name, number]) => [`  ${name}`, count(number)]),
    ...(job.file ? [['File', job.file]] : []),
    ...(job.warnings ?? []).map((warning) => ['Warning', warning]),
    ...(job.error ? [['Error', job.error]] : []),
    ['Created', fullTime(job.created_at)],
    ...(job.started_at ? [['Started', fullTime(job.started_at)]] : []),
    ['Finished', job.finished_at ? fullTime(job.finished_at) : 'not yet'],
  ];
  const styles = {Status: styleOf(job), Warning: 'yellow', Error: 'red'};
  printTable(rows, {
    style: (row, column) => column === 0 ? LABELS(row, column) : styles[rows[row][0]] ?? '',
  });
}

/** What the export was narrowed to, a row for each filter and list of columns. */
function filtersOf({filters = {}, columns = {}}) {
  return [
    ...Object.entries(filters).flatMap(([type, values]) => Object.entries(values)
      .map(([name, value]) => ['Filter', `${type}.${name}=${[value].flat().join(', ')}`])),
    ...Object.entries(columns).map(([type, names]) => ['Columns', `${type}: ${names.join(', ')}`]),
  ];
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

const namesOf = ({types}) => types;

/** The rows of an export's file once there is one; of an import those that are done. */
function rowsOf({counts, rows, progress, status}) {
  if (!counts) return rows === null || rows === undefined ? '' : count(rows);
  const done = progress?.done ?? 0;
  return ['planning', 'applying'].includes(status) && rows ? `${count(done)} of ${count(rows)}` : count(done);
}
