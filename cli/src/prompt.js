/** What the person at the terminal says, and where a new key comes from. */
import {createInterface} from 'node:readline/promises';

import {CliError, EXIT} from './errors.js';
import {checkedKey, keysIn} from './key.js';

const ESCAPE_SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g; // arrow keys, the marks around a paste
const LONGEST_INPUT = 65_536;

export async function readKey(context, domain) {
  const {env, stdin} = context;
  if (env.ALTERA_API_KEY) return checkedKey(env.ALTERA_API_KEY);
  if (stdin.isTTY) return askForKey(context, `API key for ${domain} (hidden): `);
  return demandKey(await input(stdin));
}

/** Ask until a whole key was pasted; an empty line ends the asking. */
async function askForKey(context, question) {
  for (;;) {
    const line = await hiddenLine(context, question);
    if (keysIn(line).length === 1) return checkedKey(line);
    try {
      return demandKey(line);
    } catch (error) {
      if (!line.trim()) throw error;
      context.say(`${error.message} Paste it again, or press Enter to stop.`);
    }
  }
}

function demandKey(text) {
  if (text.trim()) return checkedKey(text);
  throw new CliError(
    'No key was given. Paste it when asked, pipe it in, or set ALTERA_API_KEY.', EXIT.key);
}

/** What a pipe brings, up to a whole key and the end of its line. */
async function input(stdin) {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += chunk;
    const lines = text.slice(0, text.lastIndexOf('\n') + 1);
    if (keysIn(lines).length) return lines;
    if (text.length > LONGEST_INPUT) break;
  }
  return text;
}

/** Whether somebody is there to be asked. */
export const isAsked = ({stdin, stderr, flags}) => Boolean(stdin.isTTY && stderr.isTTY && !flags.json);

/** Ask on standard error and read a line from the terminal; empty when the input ends. */
export async function ask({stdin, stderr, signal}, question) {
  const lines = createInterface({input: stdin, output: stderr});
  let interrupted = false; // here Ctrl-C is a key like any other
  lines.on('SIGINT', () => {
    interrupted = true;
    lines.close();
  });
  try {
    return await Promise.race([
      lines.question(question, {signal}), new Promise((resolve) => lines.once('close', () => resolve(''))),
    ]).then((line) => line.trim());
  } catch (error) {
    if (signal.aborted) throw error;
    return '';
  } finally {
    lines.close();
    if (interrupted) {
      stderr.write('\n');
      throw new CliError('', EXIT.interrupted);
    }
  }
}

/** Ask on standard error and read one line from the terminal without showing it. */
async function hiddenLine({stdin, stderr, signal}, question) {
  stdin.setEncoding('utf8');
  stdin.setRawMode(true);
  stdin.resume();
  stderr.write(question);
  try {
    return await new Promise((resolve, reject) => {
      let line = '';
      const interrupted = () => reject(new CliError('', EXIT.interrupted));
      signal.addEventListener('abort', interrupted, {once: true});
      stdin.on('end', () => resolve(line));
      stdin.on('data', (typed) => {
        for (const character of typed.replace(ESCAPE_SEQUENCE, '')) {
          if (character === '\u0003') return interrupted();
          if ('\r\n\u0004'.includes(character)) return resolve(line);
          if (character === '\u0015') line = '';
          else if ('\u007f\b'.includes(character)) line = line.slice(0, -1);
          else line += character;
        }
      });
    });
  } finally {
    stdin.removeAllListeners('data').removeAllListeners('end');
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}
