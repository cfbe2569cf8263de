/** Completion scripts, drawn from the table of commands. */
import {COMMANDS, GLOBAL, groups} from './commands/index.js';
import {FORMATS} from './exports.js';
import {STATUSES} from './jobs.js';
import {TYPES} from './types.js';

export const SHELLS = ['bash', 'zsh', 'fish'];

const VALUES = {blank: ['keep', 'clear'], format: FORMATS, status: STATUSES, type: Object.keys(TYPES)};
const FILES = ['output', 'results'];

export const completion = (shell) => ({bash, zsh, fish})[shell]();

const firstWords = () => [...new Set(Object.keys(COMMANDS).map((name) => name.split(' ')[0]))];
const secondWords = (group) => Object.keys(COMMANDS)
  .filter((name) => name.startsWith(`${group} `)).map((name) => name.split(' ')[1]);
const optionsOf = (name) => Object.entries({...COMMANDS[name].options, ...GLOBAL});

/** What may stand behind a command, besides options: words, 'files' or nothing. */
function argumentsOf(name) {
  if (name === 'export create') return Object.keys(TYPES);
  if (name === 'import create') return 'files';
  if (name === 'completion') return SHELLS;
  if (name === 'help') return firstWords();
  return [];
}

function bash() {
  const cases = Object.keys(COMMANDS).map((name) => {
    const words = argumentsOf(name);
    const options = optionsOf(name).map(([option]) => `--${option}`).join(' ');
    return `    '${name}') options='${options}' words='${words === 'files' ? '' : words.join(' ')}'` +
      `${words === 'files' ? " files=1" : ''} ;;`;
  });
  const values = Object.entries(VALUES).map(([option, words]) =>
    `    --${option}) COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$word")); return ;;`);
  const file = [...FILES.map((name) => `--${name}`), '-o'].join('|');
  const globals = Object.keys(GLOBAL).map((name) => `--${name}`).join(' ');
  const groupCases = groups().map((group) =>
    `    ${group}) words='${secondWords(group).join(' ')}' options='--help' ;;`);
  const taking = allOptions().filter(([, {type}]) => type === 'string').map(([name]) => name)
    .filter((name) => !VALUES[name] && !FILES.includes(name));
  return `# bash completion for altera
_altera() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  local command='' options='' words='' files='' each place
  COMPREPLY=()
  case $before in
${values.join('\n')}
    ${file}) compopt -o filenames; COMPREPLY=($(compgen -f -- "$word")); return ;;
    ${taking.map((name) => `--${name}`).join('|')}) return ;;
  esac
  for ((place = 1; place < COMP_CWORD; place++)); do
    each=\${COMP_WORDS[place]}
    [[ $each == -* ]] && continue
    command=\${command:+$command }$each
    case $command in
      ${groups().join('|')}) ;;
      *) break ;;
    esac
  done
  case $command in
    '') words='${firstWords().join(' ')}' options='${globals}' ;;
${groupCases.join('\n')}
${cases.join('\n')}
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $files ]]; then
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -F _altera altera`;
}

const allOptions = () => Object.entries(
  Object.assign({}, GLOBAL, ...Object.values(COMMANDS).map(({options}) => options)));

// In zsh's descriptions a colon ends a part, and brackets and quotes have a meaning of their own.
const forZsh = (text) => text.replaceAll("'", '’').replace(/[[\]:\\]/g, '\\$&');

function zsh() {
  const describe = (names, summary) =>
    names.map((name) => `'${name}:${forZsh(summary(name))}'`).join(' ');
  const action = (option, {type}) => {
    if (type === 'boolean') return '';
    if (VALUES[option]) return `:${option}:(${VALUES[option].join(' ')})`;
    return FILES.includes(option) ? `:${option}:_files` : `:${option}:`;
  };
  const cases = Object.keys(COMMANDS).map((name) => {
    const specs = optionsOf(name).flatMap(([option, about]) => {
      const rest = `[${forZsh(about.summary)}]${action(option, about)}`;
      const many = about.multiple ? '*' : '';
      return [`'${many}--${option}${rest}'`, ...(about.short ? [`'-${about.short}${rest}'`] : [])];
    });
    const words = argumentsOf(name);
    if (words.length) specs.push(words === 'files' ? "'*:file:_files'" : `'*:word:(${words.join(' ')})'`);
    return `    '${name}') _arguments -s ${specs.join(' ')} ;;`;
  });
  const groupCases = groups().map((group) => {
    const summary = (word) => COMMANDS[`${group} ${word}`].summary;
    return `          ${group}) commands=(${describe(secondWords(group), summary)}) ;;`;
  });
  return `#compdef altera
# zsh completion for altera
_altera() {
  local -a commands
  local name=\${words[2]}
  if (( CURRENT == 2 )); then
    commands=(${describe(firstWords(), (word) => COMMANDS[word]?.summary ?? `commands on ${word}s`)})
    _describe command commands
    return
  fi
  case $name in
    ${groups().join('|')})
      if (( CURRENT == 3 )); then
        case $name in
${groupCases.join('\n')}
        esac
        _describe command commands
        return
      fi
      name="$name \${words[3]}"
      shift 2 words
      (( CURRENT -= 2 )) ;;
    *)
      shift words
      (( CURRENT -= 1 )) ;;
  esac
  case $name in
${cases.join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _altera "$@"
else
  compdef _altera altera
fi`;
}

const forFish = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish() {
  const lines = ['# fish completion for altera', 'complete -c altera -f'];
  const first = '__fish_use_subcommand';
  const seen = (...words) => `__fish_seen_subcommand_from ${words.join(' ')}`;
  for (const word of firstWords()) {
    const about = COMMANDS[word]?.summary ?? `commands on ${word}s`;
    lines.push(`complete -c altera -n ${first} -a ${word} -d ${forFish(about)}`);
  }
  for (const group of groups()) {
    const words = secondWords(group);
    const open = `'${seen(group)}; and not ${seen(...words)}'`;
    for (const word of words) {
      lines.push(`complete -c altera -n ${open} -a ${word} -d ${
        forFish(COMMANDS[`${group} ${word}`].summary)}`);
    }
  }
  for (const name of Object.keys(COMMANDS)) {
    const condition = `'${name.split(' ').map((word) => seen(word)).join('; and ')}'`;
    for (const [option, {type, short, summary}] of Object.entries(COMMANDS[name].options)) {
      const values = VALUES[option] ? ` -a '${VALUES[option].join(' ')}'` : '';
      const takes = type === 'boolean' ? '' : FILES.includes(option) ? ' -r -F' : ' -x';
      lines.push(`complete -c altera -n ${condition} -l ${option}${short ? ` -s ${short}` : ''}${
        takes}${values} -d ${forFish(summary)}`);
    }
    const words = argumentsOf(name);
    if (words === 'files') lines.push(`complete -c altera -n ${condition} -F`);
    else if (words.length) lines.push(`complete -c altera -n ${condition} -a '${words.join(' ')}'`);
  }
  for (const [option, {type, short, summary}] of Object.entries(GLOBAL)) {
    lines.push(`complete -c altera -l ${option}${short ? ` -s ${short}` : ''}${
      type === 'boolean' ? '' : ' -x'} -d ${forFish(summary)}`);
  }
  return lines.join('\n');
}
