/**
 * What a command shows: results on standard output, all else on standard error. There every line is
 * JSON with --json, and nothing but warnings and errors stands with --quiet.
 */
import {columnsOf, painter, wrap} from './terminal.js';
import {clean, json, table} from './text.js';

export function output({env, stdout, stderr}, flags) {
  const paint = painter(stdout, env);
  const paintError = painter(stderr, env);
  const columns = columnsOf(stdout);

  const write = (text) => void stdout.write(`${text}\n`);

  function message(text, style, member) {
    if (flags.json) return void stderr.write(`${json({[member]: text}, 0)}\n`);
    const lines = wrap(clean(text), columnsOf(stderr)).split('\n');
    stderr.write(`${lines.map((line) => paintError(style, line)).join('\n')}\n`);
  }

  return {
    columns,
    paint,
    /** A result: text, or a value as JSON. */
    print: (result) => write(typeof result === 'string' ? clean(result) : json(result)),
    /** Rows of cells, whose colours `style(row, column)` names. */
    printTable: (rows, {style = () => '', widths} = {}) => write(table(rows, {
      columns, widths, paint: (text, row, column) => text && paint(style(row, column), text),
    })),
    /** A line that is clean and coloured already. */
    write,
    say: (text) => flags.quiet ? undefined : message(text, '', 'message'),
    warn: (text) => message(flags.json ? text : `Warning: ${text}`, 'yellow', 'warning'),
    fail(error) {
      if (flags.json) stderr.write(`${json(error.problem, 0)}\n`);
      else message(error.message, 'red');
    },
  };
}
