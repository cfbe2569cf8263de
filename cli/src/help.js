/** The help, drawn from the table of commands. */
import {COMMANDS, GLOBAL, groups} from './commands/index.js';
import {pad, widthOf, wrap} from './terminal.js';
import {TYPES} from './types.js';

const LEFT = 30; // columns of names, at most; a longer one has a line to itself
const WIDEST = 100; // of text: longer lines are hard to read

export const ENVIRONMENT = {
  ALTERA_API_KEY: 'an API key, used instead of the saved ones',
  ALTERA_WORKLOAD: 'the address of a trusted workload, whose jobs need no key',
  ALTERA_ID_TOKEN: 'the ID token of such a job, where its platform is not asked for one',
  ALTERA_ID_TOKEN_COMMAND: 'a program that prints an ID token',
  ALTERA_SHOP: 'the shop to use, like --shop',
  ALTERA_PROFILE: 'the profile to use, like --profile',
  ALTERA_URL: "the server's address, like --url",
  HTTPS_PROXY: 'the proxy to use; NO_PROXY lists exceptions',
  NODE_EXTRA_CA_CERTS: "a file with additional certificates to trust (PEM)",
  NO_COLOR: 'turn colors off',
};

const EXIT_CODES = {
  0: 'done',
  1: 'failed: the job, the server or the network',
  2: 'usage error',
  3: 'the key is missing, unknown, revoked or expired',
  4: 'not allowed by the key or the plan',
  5: 'completed, but some rows failed or met a conflict',
  6: 'a dry run that has changes, with --detailed-exitcode',
  7: 'held by a limit: nothing was changed',
  130: 'interrupted',
};

/** Help on everything (''), on a group (`shop`) or on a command (`shop add`). */
export function help(name, {columns, paint}) {
  const page = new Page(Math.min(columns ?? WIDEST, WIDEST), paint);
  if (Object.hasOwn(COMMANDS, name)) commandHelp(page, name);
  else listHelp(page, name);
  return page.text;
}

function listHelp(page, group) {
  if (!group) page.paragraph("Export and import a Shopify store's data as spreadsheets.");
  const names = Object.keys(COMMANDS).filter((name) => !group || name.startsWith(`${group} `));
  page.list('Commands', names.map((name) =>
    [`altera ${name} ${COMMANDS[name].usage}`.trim(), COMMANDS[name].summary]));
  const examples = names.flatMap((name) => COMMANDS[name].examples.slice(0, 1));
  if (group) page.lines('Examples', examples);
  page.list('Options of every command', optionRows(GLOBAL));
  if (!group) {
    page.paragraph(Object.keys(TYPES).join(', '), 'Data types');
    page.list('Environment', Object.entries(ENVIRONMENT));
    page.list('Exit codes', Object.entries(EXIT_CODES));
  }
  page.paragraph(`Help for a command: altera ${group || '<command>'}${group ? ' <command>' : ''} ` +
    `--help${group ? '' : `, for example altera ${groups()[0]} add --help`}`);
}

function commandHelp(page, name) {
  const {usage, summary, options, examples} = COMMANDS[name];
  page.paragraph(`altera ${`${name} ${usage}`.trim()}`);
  page.paragraph(summary);
  page.lines('Examples', examples);
  page.list('Options', optionRows(options));
  page.list('Options of every command', optionRows(GLOBAL));
}

const optionRows = (options) => Object.entries(options).map(([name, {short, value, summary}]) =>
  [`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, summary]);

/** Paragraphs and lists, with an empty line between them. */
class Page {
  #parts = [];

  constructor(width, paint) {
    Object.assign(this, {width, paint});
  }

  get text() {
    return this.#parts.join('\n\n');
  }

  paragraph(text, heading) {
    const indent = heading ? '  ' : '';
    this.#add(heading, [wrap(indent + text, this.width, indent)]);
  }

  lines(heading, lines) {
    if (lines.length) this.#add(heading, lines.map((line) => `  ${line}`));
  }

  /** Names and what they mean, in two columns. */
  list(heading, rows) {
    const left = Math.min(LEFT, Math.max(0, ...rows.map(([name]) => widthOf(name)))) + 4;
    const indent = ' '.repeat(left);
    const lines = rows.flatMap(([name, text]) => {
      const [first, ...rest] = wrap(indent + text, this.width, indent).split('\n');
      const label = `  ${name}`;
      return widthOf(label) + 2 > left
        ? [label, first, ...rest] : [pad(label, left) + first.slice(left), ...rest];
    });
    if (rows.length) this.#add(heading, lines);
  }

  #add(heading, lines) {
    this.#parts.push([...(heading ? [this.paint('bold', heading)] : []), ...lines].join('\n'));
  }
}
