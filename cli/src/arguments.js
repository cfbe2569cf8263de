/** From argv to one command of the table, its arguments and its options; or a sentence why not. */
import {parseArgs} from 'node:util';

import {COMMANDS, GLOBAL, groups} from './commands/index.js';
import {CliError, EXIT} from './errors.js';

const OPTIONS = Object.assign({}, GLOBAL, ...Object.values(COMMANDS).map(({options}) => options));

/** Returns {name, args, flags}; `name` may be '' or a group's when only help is asked for. */
export function parse(argv) {
  const {values: flags, positionals} = parsed(argv);
  const group = positionals[0] ?? '';
  if (flags.version || !group) return {name: '', args: [], flags};
  if (!groups().includes(group)) {
    throw wrong(`There is no command “${group}”. See: altera --help`);
  }
  const name = positionals.slice(0, 2).join(' ');
  if (flags.help && name === group) return {name, args: [], flags};
  if (!Object.hasOwn(COMMANDS, name)) {
    throw wrong(positionals.length > 1
      ? `There is no command “${name}”. See: altera ${group} --help`
      : `Say what to do with it. See: altera ${group} --help`);
  }
  const args = positionals.slice(2);
  if (!flags.help) check(name, args, flags);
  return {name, args, flags};
}

function parsed(argv) {
  try {
    return parseArgs({args: argv, options: OPTIONS, allowPositionals: true});
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    // Node's message goes on about "--" after its first sentence.
    throw wrong(`${error.message.split(/\. |\n/, 1)[0].replace(/\.$/, '')}. See: altera --help`);
  }
}

function check(name, args, flags) {
  const {usage, options} = COMMANDS[name];
  const foreign = Object.keys(flags).find((flag) => !(flag in GLOBAL) && !(flag in options));
  if (foreign) throw wrong(`--${foreign} is not an option of ${name}. See: altera ${name} --help`);
  const least = usage.match(/</g)?.length ?? 0;
  const most = usage.endsWith('...') ? Infinity : usage.match(/[<[]/g)?.length ?? 0;
  if (args.length < least || args.length > most) {
    throw wrong(`Use it as: altera ${`${name} ${usage}`.trim()}`);
  }
}

const wrong = (message) => new CliError(message, EXIT.usage);
