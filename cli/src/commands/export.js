/** export create: ask for an export, wait for it, save its file. */
import {connect} from '../connection.js';
import {copy, save, writablePath} from '../download.js';
import {CliError, EXIT} from '../errors.js';
import {demandCompleted, follow, jobPath} from '../jobs.js';
import {inBytes, progress} from '../progress.js';
import {bytes, clean, count} from '../text.js';
import {typeCalled} from '../types.js';

const FORMATS = ['csv', 'xlsx', 'jsonl'];
const ENDINGS = [...FORMATS, 'zip'];

export const exportCommands = {
  'export create': {
    usage: '<type>...',
    summary: "Export one or more data types to a file",
    options: {
      format: {
        type: 'string', value: '<csv|xlsx|jsonl>',
        summary: "the file's format; by default the ending of --output, else csv",
      },
      filter: {
        type: 'string', value: '<type.name=value>', multiple: true,
        summary: 'export only what matches; may be repeated',
      },
      output: {
        type: 'string', value: '<file>',
        summary: 'where to save it (- is standard output); else <type>.<format>',
      },
    },
    run: create,
  },
};

async function create(context) {
  const {args, flags, stdout, print, say} = context;
  const types = [...new Set(args.map(typeCalled))];
  const {format, ending} = formatOf(flags, types);
  const filters = filtersOf(flags.filter ?? [], types);
  const toStdout = flags.output === '-';
  if (toStdout) checkStdout(flags, ending, stdout);
  const name = flags.output ?? `${types.length > 1 ? 'export' : types[0]}.${ending}`;
  const file = toStdout ? null : await writablePath(name);

  const api = await connect(context);
  const started = await api.post('/exports', {types, format, filters});
  const job = await follow(context, api, 'export', started, `Exporting ${types.join(', ')}`);
  if (job.status !== 'completed' && flags.json) print(job);
  demandCompleted('export', job);

  const path = `${jobPath('export', job.id)}/file`;
  const bar = progress(context, inBytes);
  const onBytes = (received) => bar.show('Downloading', received);
  try {
    if (toStdout) return void (await copy(api, path, {write: writer(stdout), onBytes}));
    const size = await save(api, path, file, onBytes);
    bar.end();
    say(`Saved ${count(job.rows ?? 0)} rows to ${name} (${bytes(size)}).`);
  } finally {
    bar.end();
  }
  if (flags.json) print(job);
}

/** The format to ask for, and the ending that its file should have. */
function formatOf({format, output = ''}, types) {
  const given = ENDINGS.find((ending) => output.toLowerCase().endsWith(`.${ending}`));
  const chosen = format ?? (FORMATS.includes(given) ? given : 'csv');
  if (!FORMATS.includes(chosen)) {
    throw new CliError(`--format is one of ${FORMATS.join(', ')}.`, EXIT.usage);
  }
  const ending = types.length > 1 && chosen !== 'xlsx' ? 'zip' : chosen;
  if (given && given !== ending) {
    throw new CliError(
      `This export is a .${ending} file: end the name in --output so, or change --format.`,
      EXIT.usage);
  }
  return {format: chosen, ending};
}

/** [`products.status=active`] → {products: {status: 'active'}} */
function filtersOf(texts, types) {
  const filters = {};
  for (const text of texts) {
    const [, called, name, value] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text) ?? [];
    if (!called) {
      throw new CliError(
        `“${text}” is not a filter. Write it as type.name=value, ` +
          'for example products.status=active.', EXIT.usage);
    }
    const type = typeCalled(called);
    if (!types.includes(type)) {
      throw new CliError(`The filter ${text} is for ${type}, which is not exported.`, EXIT.usage);
    }
    filters[type] ??= {};
    if (Object.hasOwn(filters[type], name)) {
      throw new CliError(`The filter ${type}.${name} is given twice.`, EXIT.usage);
    }
    filters[type][name] = value;
  }
  return filters;
}

function checkStdout({json}, ending, stdout) {
  if (json) {
    throw new CliError(
      '--json and --output - both want standard output. Leave one out.', EXIT.usage);
  }
  if (stdout.isTTY && ['xlsx', 'zip'].includes(ending)) {
    throw new CliError(
      `A .${ending} file would be noise on a terminal. Send it to a file or a pipe.`, EXIT.usage);
  }
}

/** Writes chunks to standard output at its own pace; on a terminal without control characters. */
function writer(stdout) {
  const decoder = new TextDecoder();
  return (chunk) => new Promise((resolve, reject) => {
    const data = stdout.isTTY ? clean(decoder.decode(chunk, {stream: true})) : chunk;
    stdout.write(data, (error) => (error ? reject(error) : resolve()));
  });
}
