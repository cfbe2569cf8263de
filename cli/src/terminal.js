/** What a stream shows of a text: how wide it is, which colours it has, where lines break. */
import {WriteStream} from 'node:tty';

const STYLES = {bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36};
const NARROWEST = 40;
const WIDE = new RegExp('[\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f' +
  '\\uff00-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1faff}\\u{20000}-\\u{3fffd}]', 'u');

/** The columns of a terminal; null for a pipe or a file, whose lines have no end. */
export const columnsOf = (stream) =>
  stream.isTTY ? Math.max(stream.columns || 80, NARROWEST) : null;

/** Returns paint(style, text), which leaves the text alone where colours are not wanted. */
export function painter(stream, env) {
  const wanted = stream.isTTY || env.FORCE_COLOR;
  const coloured = wanted && WriteStream.prototype.getColorDepth.call(stream, env) > 1;
  return (style, text) => coloured && style ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
}

/** How many columns a text without control characters takes: two for a Chinese sign or an emoji. */
export const widthOf = (text) => [...text].reduce(
  (sum, sign) => sum + (/[\p{Mn}\u200b-\u200d\ufe0f]/u.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1), 0);

export const pad = (text, width) => text + ' '.repeat(Math.max(width - widthOf(text), 0));

/** The text, or its beginning and an ellipsis when it is wider. */
export function cut(text, width) {
  if (widthOf(text) <= width) return text;
  let shown = '';
  for (const sign of text) {
    if (widthOf(shown + sign) > width - 1) break;
    shown += sign;
  }
  return `${shown}…`;
}

/** The text with lines of at most `width` columns, broken between words; further ones indented. */
export function wrap(text, width, indent = '') {
  return text.split('\n').map((line) => wrapLine(line, width ?? Infinity, indent)).join('\n');
}

function wrapLine(line, width, indent) {
  if (widthOf(line) <= width) return line;
  const lines = [];
  let current = /^ */.exec(line)[0];
  let empty = true;
  for (const word of line.trimStart().split(' ')) {
    if (!empty && widthOf(current) + 1 + widthOf(word) > width) {
      lines.push(current);
      [current, empty] = [indent, true];
    }
    current += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, current].join('\n');
}
