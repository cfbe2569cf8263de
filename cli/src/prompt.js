/** Where a new key comes from: the environment, a pipe, or the person at the terminal. */
import {CliError, EXIT} from './errors.js';
import {checkedKey} from './key.js';

const ESCAPE_SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g; // arrow keys, the marks around a paste
const LONGEST_LINE = 4096;

export async function readKey(context, domain) {
  const {env, stdin} = context;
  if (env.ALTERA_API_KEY) return checkedKey(env.ALTERA_API_KEY);
  const line = stdin.isTTY
    ? await hiddenLine(context, `API key of ${domain} (it stays hidden): `)
    : await firstLine(stdin);
  if (!line.trim()) {
    throw new CliError(
      'No key was given. Paste it when asked, pipe it in, or set ALTERA_API_KEY.', EXIT.key);
  }
  return checkedKey(line);
}

async function firstLine(stdin) {
  let text = '';
  stdin.setEncoding('utf8');
  for await (const chunk of stdin) {
    text += chunk;
    if (text.includes('\n') || text.length > LONGEST_LINE) break;
  }
  return text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0];
}

/** Ask on standard error and read one line from the terminal without showing it. */
async function hiddenLine({stdin, stderr, signal}, question) {
  stdin.setEncoding('utf8');
  stdin.setRawMode(true);
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
