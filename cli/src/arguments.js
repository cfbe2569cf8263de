/** From argv to one command of the table, its arguments and its options; or a sentence why not. */
import {parseArgs} from 'node:util';

import {COMMANDS, GLOBAL, groups} from './commands/index.js';
import {usageError as wrong} from './errors.js';
import {didYouMean} from './suggest.js';
import {typeNamed} from './types.js';

const OPTIONS = Object.assign({}, GLOBAL, ...Object.values(COMMANDS).map(({options}) => options));

/** Returns {name, args, flags}; `name` may be '' or a group's when only help is asked for. */
export function parse(argv) {
  const {values: flags, positionals} = parsed(argv);
  const [first = ''] = positionals;
  if (flags.version || !first) return {name: '', args: [], flags};
  const name = commandIn(positionals, flags);
  const args = positionals.slice(name.split(' ').length);
  if (!flags.help && Object.hasOwn(COMMANDS, name)) check(name, args, flags);
  return {name, args, flags};
}

/** The longest command that the words begin with; a group's own name where help is asked for. */
function commandIn([first, second], {help}) {
  if (Object.hasOwn(COMMANDS, first)) return first;
  const group = groups().includes(first);
  if (!group) {
    throw wrong(`There is no command “${first}”.${didYouMean(first, words())} See: altera --help`);
  }
  const name = `${first} ${second}`;
  if (Object.hasOwn(COMMANDS, name)) return name;
  if (second === undefined) {
    if (help) return first;
    throw wrong(`That command needs another word. See: altera ${first} --help`);
  }
  throw wrong(`There is no command “${name}”.${meant(first, second)} See: altera ${first} --help`);
}

function meant(group, word) {
  // `export products`: the verb was left out.
  if (['export', 'import'].includes(group) && (typeNamed(word) || /\.\w+$/.test(word))) {
    return ` Did you mean “${group} create ${word}”?`;
  }
  const commands = Object.keys(COMMANDS).filter((name) => name.startsWith(`${group} `));
  return didYouMean(`${group} ${word}`, commands);
}

/** The first words of all commands. */
const words = () => [...new Set(Object.keys(COMMANDS).map((name) => name.split(' ')[0]))];

function parsed(argv) {
  try {
    return parseArgs({args: argv, options: OPTIONS, allowPositionals: true});
  } catch (error) {
    if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
    const [, unknown] = /^Unknown option '(-[^']+)'/.exec(error.message) ?? [];
    if (unknown) {
      const {positionals} = parseArgs({args: argv, options: OPTIONS, strict: false});
      const name = named(positionals);
      const options = {...GLOBAL, ...COMMANDS[name]?.options};
      const names = Object.keys(options).map((option) => `--${option}`);
      throw wrong(`There is no option ${unknown}.${didYouMean(unknown, names)} See: altera ${
        name ? `${name} ` : ''}--help`);
    }
    // Node's message goes on about "--" after its first sentence.
    throw wrong(`${error.message.split(/\. |\n/, 1)[0].replace(/\.$/, '')}. See: altera --help`);
  }
}

const named = ([first = '', second = '']) =>
  [`${first} ${second}`, first].find((name) => Object.hasOwn(COMMANDS, name)) ?? '';

function check(name, args, flags) {
  const {usage, options} = COMMANDS[name];
  const foreign = Object.keys(flags).find((flag) => !(flag in GLOBAL) && !(flag in options));
  if (foreign) throw wrong(`--${foreign} is not an option of ${name}. See: altera ${name} --help`);
  const least = usage.match(/</g)?.length ?? 0;
  const most = usage.endsWith('...') ? Infinity : usage.match(/[<[]/g)?.length ?? 0;
  if (args.length < least || args.length > most) {
    throw wrong(`Usage: altera ${`${name} ${usage}`.trim()}`);
  }
}
