/** export …: ask for an export, wait for it, save its file; fetch the file of an earlier one. */
import {connect} from '../connection.js';
import {copy, save, writablePath} from '../download.js';
import {CliError, usageError} from '../errors.js';
import {FORMATS, bodyOf, demandEnding, endingIn, formatOf, nameOf, typesOf} from '../exports.js';
import {demandCompleted, follow, jobPath, kindOf} from '../jobs.js';
import {downloadMeter, inBytes, inObjects, progress} from '../progress.js';
import {bytes, clean, plural} from '../text.js';
import {showJob} from './job.js';

// What a server may call a file: nothing that leads to another folder or to a file of somebody else.
const FILE_NAME = /^[a-z_]+\.(csv|xlsx|jsonl|zip)$/;

const OUTPUT = {
  type: 'string', short: 'o', value: '<file>',
  summary: 'where to save it (- for standard output); default <type>.<format>',
};
const SHARED = {
  type: 'boolean', summary: 'let other users of this computer read the file',
};

export const exportCommands = {
  'export create': {
    usage: '[type]...',
    summary: 'Export one or more data types to a file',
    options: {
      'all': {type: 'boolean', summary: 'every data type that the key may export'},
      'format': {
        type: 'string', value: `<${FORMATS.join('|')}>`,
        summary: "the file format; by default the extension of --output, else csv",
      },
      'filter': {
        type: 'string', value: '<type.name=value>', multiple: true,
        summary: 'export only matching objects; may be repeated',
      },
      'columns': {
        type: 'string', value: '<[type=]names>', multiple: true,
        summary: 'only these columns, separated by commas; may be repeated',
      },
      'updated-since': {
        type: 'string', value: '<date>', summary: 'only what has changed since then',
      },
      'since-last': {
        type: 'boolean', summary: "only what has changed since this key's last such export",
      },
      'no-bom': {type: 'boolean', summary: 'CSV without the byte order mark'},
      'output': OUTPUT,
      'shared': SHARED,
      'no-wait': {type: 'boolean', summary: 'print the ID of the export without waiting for it'},
    },
    examples: [
      'altera export create products',
      'altera export create --all -o store.xlsx',
      'altera export create products --columns "ID,Handle,Inventory Available" --since-last',
      'altera export create orders --filter orders.status=open -o - | head',
    ],
    run: create,
  },
  'export show': {
    usage: '<id>', summary: 'Show the status of an export', options: {},
    examples: ['altera export show exp_rginM6fkToxSvOUdxqTR'],
    run: (context) => showJob(context, 'export'),
  },
  'export download': {
    usage: '<id>',
    summary: 'Download the file of an export again, for up to a week',
    options: {output: OUTPUT, shared: SHARED},
    examples: ['altera export download exp_rginM6fkToxSvOUdxqTR -o products.csv'],
    run: download,
  },
};

async function create(context) {
  const {args, flags, print, say} = context;
  const types = typesOf(args, flags);
  const {format, ending} = formatOf(flags, types);
  const body = bodyOf(flags, types, format);
  if (flags['no-wait'] && flags.output !== undefined) {
    throw usageError('--no-wait does not save a file. Leave --output out and download it later with ' +
      'altera export download <id>.');
  }
  const target = await targetOf(context, ending);

  const api = await connect(context);
  const started = await api.post('/exports', body);
  if (flags['no-wait']) {
    print(flags.json ? started : started.id);
    return say(`The export has started. Download its file with: altera export download ${started.id}`);
  }
  const label = `Exporting ${nameOf(started.types)}`;
  const job = await follow(context, api, 'export', started, label, inObjects);
  if (job.status !== 'completed' && flags.json) print(job);
  demandCompleted('export', job);
  await fetchFile(context, api, job, target);
}

async function download(context) {
  const {args: [id], flags} = context;
  kindOf(id, 'export');
  demandEnding(flags.output, [...FORMATS, 'zip']);
  const target = await targetOf(context, endingIn(flags.output));
  const api = await connect(context);
  const job = await api.get(jobPath('export', id));
  demandCompleted('export', job);
  await fetchFile(context, api, job, target);
}

/** Where the file goes: {stdout: true}, {name, path}, or nothing for the name that it has. */
async function targetOf({flags, stdout}, ending) {
  if (flags.output === undefined) return {};
  if (flags.output !== '-') return {name: flags.output, path: await writablePath(flags.output)};
  if (flags.json) {
    throw usageError('--json and --output - both use standard output. Leave one out.');
  }
  if (stdout.isTTY && ['xlsx', 'zip'].includes(ending)) {
    throw usageError(
      `A .${ending} file cannot be shown on a terminal. Send it to a file or a pipe.`);
  }
  return {stdout: true};
}

async function fetchFile(context, api, job, target) {
  const {flags, print, say, stdout, warn} = context;
  const path = `${jobPath('export', job.id)}/file`;
  if (target.stdout) {
    // Without a bar: it would stand between the data, or in the pager that the pipe leads to.
    await copy(api, path, {write: writer(stdout)});
  } else {
    const name = nameFor(job, target);
    const bar = progress(context, inBytes);
    const total = job.format === 'jsonl' ? job.progress?.total : job.rows;
    const meter = downloadMeter(bar, endingIn(job.file), total);
    try {
      const file = target.path ?? await writablePath(name);
      const size = await save(api, path, file, {meter, shared: flags.shared});
      bar.end();
      say(`Saved ${plural(job.rows ?? 0, 'row')} to ${name} (${bytes(size)}).`);
    } finally {
      bar.end();
    }
  }
  // What a workbook could not hold is known once it is made.
  const latest = job.format === 'xlsx' ? await api.get(jobPath('export', job.id)) : job;
  (latest.warnings ?? []).forEach(warn);
  if (flags.json) print(latest);
}

/** The name to save under: the file's own, unless one was given that fits what the file is. */
function nameFor(job, {name}) {
  if (!name && !FILE_NAME.test(job.file)) {
    throw new CliError(
      `The server calls the file “${job.file}”, which is not a safe file name. Save it with: ` +
        `altera export download ${job.id} --output <file>`);
  }
  const own = endingIn(job.file);
  const given = endingIn(name);
  if (!name || !own || !given || given === own) return name ?? job.file;
  throw new CliError(
    `This export is a .${own} file. Save it with: ` +
      `altera export download ${job.id} --output ${name.slice(0, -given.length)}${own}`);
}

/** Writes chunks to standard output at its own pace; on a terminal without control characters. */
function writer(stdout) {
  const decoder = new TextDecoder();
  return (chunk) => new Promise((resolve, reject) => {
    const data = stdout.isTTY ? clean(decoder.decode(chunk, {stream: true})) : chunk;
    stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}
