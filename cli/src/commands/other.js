/** Commands about the command line itself: help, version, completion, doctor. */
import {SHELLS, completion} from '../completion.js';
import {diagnose} from '../doctor.js';
import {EXIT, usageError} from '../errors.js';
import {help} from '../help.js';
import {didYouMean} from '../suggest.js';
import {VERSION} from '../version.js';
import {COMMANDS, groups} from './index.js';

const STYLES = {ok: 'green', warning: 'yellow', problem: 'red'};

export const otherCommands = {
  doctor: {
    usage: '', summary: 'Check versions, settings, network, server, clock and key',
    options: {}, examples: ['altera doctor', 'altera doctor --json'],
    run: doctor,
  },
  completion: {
    usage: '<shell>',
    summary: 'Print a completion script for bash, zsh or fish',
    options: {},
    examples: [
      'altera completion bash > ~/.local/share/bash-completion/completions/altera',
      'altera completion zsh > "${fpath[1]}/_altera"',
      'altera completion fish > ~/.config/fish/completions/altera.fish',
    ],
    run({args: [shell], write}) {
      if (!SHELLS.includes(shell)) {
        throw usageError(`There is no completion for “${shell}”. It is one of ${SHELLS.join(', ')}.`);
      }
      write(completion(shell));
    },
  },
  help: {
    usage: '[command]...', summary: 'Show help for everything, or for one command',
    options: {}, examples: ['altera help', 'altera help export create'],
    run({args, write, ...context}) {
      const name = args.join(' ');
      const names = [...groups(), ...Object.keys(COMMANDS)];
      if (name && !names.includes(name)) {
        throw usageError(`There is no command “${name}”.${didYouMean(name, names)} ` +
          'See: altera --help');
      }
      write(help(name, context));
    },
  },
  version: {
    usage: '', summary: 'Print the version', options: {}, examples: ['altera version'],
    run: ({flags, print}) => print(flags.json ? {version: VERSION} : VERSION),
  },
};

async function doctor(context) {
  const {flags, print, printTable} = context;
  const found = await diagnose(context);
  if (flags.json) print(found.map(({name, state, text}) => ({name, state, text})));
  else {
    printTable(found.map(({name, state, text}) => [state === 'ok' ? 'ok' : state, name, text]), {
      style: (row, column) => column === 0 ? STYLES[found[row].state] : '',
    });
  }
  return found.find(({state}) => state === 'problem')?.exit ?? EXIT.done;
}
