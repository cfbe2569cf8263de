/** export …: ask for an export, wait for it, save its file; fetch the file of an earlier one. */
import {connect} from '../connection.js';
import {copy, save, writablePath} from '../download.js';
import {CliError, EXIT} from '../errors.js';
import {FORMATS, bodyOf, endingIn, formatOf, nameOf, typesOf} from '../exports.js';
import {demandCompleted, follow, jobPath} from '../jobs.js';
import {inBytes, inObjects, progress} from '../progress.js';
import {bytes, clean, count} from '../text.js';

// What a server may call a file: nothing that leads to another folder or to a file of somebody else.
const FILE_NAME = /^[a-z_]+\.(csv|xlsx|jsonl|zip)$/;

const OUTPUT = {
  type: 'string', value: '<file>',
  summary: 'where to save it (- is standard output); else <type>.<format>',
};

export const exportCommands = {
  'export create': {
    usage: '[type]...',
    summary: 'Export one or more data types to a file',
    options: {
      'all': {type: 'boolean', summary: 'every data type that the key may export'},
      'format': {
        type: 'string', value: `<${FORMATS.join('|')}>`,
        summary: "the file's format; by default the ending of --output, else csv",
      },
      'filter': {
        type: 'string', value: '<type.name=value>', multiple: true,
        summary: 'export only what matches; may be repeated',
      },
      'columns': {
        type: 'string', value: '<[type=]names>', multiple: true,
        summary: 'only these columns, with commas between',
      },
      'updated-since': {
        type: 'string', value: '<date>', summary: 'only what has changed since then',
      },
      'since-last': {
        type: 'boolean', summary: "only what has changed since this key's last such export",
      },
      'no-bom': {type: 'boolean', summary: 'CSV without the byte order mark'},
      'output': OUTPUT,
    },
    run: create,
  },
  'export download': {
    usage: '<id>',
    summary: 'Save the file of an earlier export again, for a week',
    options: {output: OUTPUT},
    run: download,
  },
};

async function create(context) {
  const {args, flags, print} = context;
  const types = typesOf(args, flags);
  const {format, ending} = formatOf(flags, types);
  const body = bodyOf(flags, types, format);
  const target = await targetOf(context, ending);

  const api = await connect(context);
  const started = await api.post('/exports', body);
  const label = `Exporting ${nameOf(started.types)}`;
  const job = await follow(context, api, 'export', started, label, inObjects);
  if (job.status !== 'completed' && flags.json) print(job);
  demandCompleted('export', job);
  await fetchFile(context, api, job, target);
}

async function download(context) {
  const {args: [id], flags} = context;
  if (!/^exp_\w+$/.test(id)) {
    throw new CliError(
      `“${id}” is not the ID of an export. See the IDs with: altera job list`, EXIT.usage);
  }
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
    throw new CliError(
      '--json and --output - both want standard output. Leave one out.', EXIT.usage);
  }
  if (stdout.isTTY && ['xlsx', 'zip'].includes(ending)) {
    throw new CliError(
      `A .${ending} file would be noise on a terminal. Send it to a file or a pipe.`, EXIT.usage);
  }
  return {stdout: true};
}

async function fetchFile(context, api, job, target) {
  const {flags, print, say, stdout} = context;
  const path = `${jobPath('export', job.id)}/file`;
  const bar = progress(context, inBytes);
  const onBytes = (received) => bar.show('Downloading', received);
  try {
    if (target.stdout) {
      await copy(api, path, {write: writer(stdout), onBytes});
    } else {
      const name = nameFor(job, target);
      const size = await save(api, path, target.path ?? await writablePath(name), onBytes);
      bar.end();
      say(`Saved ${count(job.rows ?? 0)} rows to ${name} (${bytes(size)}).`);
    }
  } finally {
    bar.end();
  }
  // What a workbook could not hold is known once it is made.
  const told = job.format === 'xlsx' ? await api.get(jobPath('export', job.id)) : job;
  (told.warnings ?? []).forEach((warning) => say(`Warning: ${warning}`));
  if (flags.json) print(told);
}

/** The name to save under: the file's own, unless one was given that fits what the file is. */
function nameFor(job, {name}) {
  if (!name && !FILE_NAME.test(job.file)) {
    throw new CliError(
      `The server calls the file “${job.file}”, which is no name to save it under. Save it with: ` +
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
