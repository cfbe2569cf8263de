/** The help, drawn from the table of commands. */
import {COMMANDS, GLOBAL, groups} from './commands/index.js';
import {table} from './text.js';
import {TYPES} from './types.js';

const wrap = (text) => text.replace(/(.{1,76})(?: |$)/g, '  $1\n').trimEnd();

const END = `Data types
${wrap(Object.keys(TYPES).join(', '))}

Environment
  ALTERA_API_KEY   a key, used instead of the kept ones
  ALTERA_URL       the server's address

Exit codes
  0 done; 1 failed; 2 typed wrong; 3 key missing, unknown, revoked or expired;
  4 not allowed by the key or the plan; 5 done, but some rows failed; 130 interrupted`;

/** Help on everything (''), on a group (`shop`) or on a command (`shop add`). */
export function help(name) {
  if (Object.hasOwn(COMMANDS, name)) return commandHelp(name);
  const names = Object.keys(COMMANDS).filter((full) => !name || full.startsWith(`${name} `));
  const commands = names.map((full) =>
    [`  altera ${full} ${COMMANDS[full].usage}`.trimEnd(), COMMANDS[full].summary]);
  const intro = `Export and import a Shopify store's data as spreadsheets.\n\n`;
  return `${name ? '' : intro}Commands\n${table(commands)}\n\n${optionHelp('Options', GLOBAL)}\n\n${
    name ? `More on a command: altera ${name} <command> --help`
      : `${END}\n\nMore on a command: altera <command> --help, for example altera ${
        groups()[0]} --help`}`;
}

function commandHelp(name) {
  const {usage, summary, options} = COMMANDS[name];
  const own = Object.keys(options).length ? `${optionHelp('Options', options)}\n\n` : '';
  return `altera ${`${name} ${usage}`.trim()}\n\n${summary}\n\n${own}${
    optionHelp('On every command', GLOBAL)}`;
}

function optionHelp(heading, options) {
  const rows = Object.entries(options).map(([name, {short, value, summary}]) =>
    [`  --${name}${value ? ` ${value}` : ''}${short ? `, -${short}` : ''}`, summary]);
  return `${heading}\n${table(rows)}`;
}
