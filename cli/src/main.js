/** The program as a function: arguments and streams in, exit code out. */
import {setMaxListeners} from 'node:events';

import {parse} from './arguments.js';
import {COMMANDS} from './commands/index.js';
import {CliError, EXIT} from './errors.js';
import {help} from './help.js';
import {output} from './output.js';
import {VERSION} from './version.js';

export async function main(argv, streams) {
  const {signal} = streams;
  setMaxListeners(Infinity, signal); // every call and pause listens; 0 undici takes for none set
  // Usage errors are JSON too if --json is among the arguments.
  let out = output(streams, {json: argv.includes('--json')});
  try {
    const {name, args, flags} = parse(argv);
    out = output(streams, flags);
    if (flags.version) return out.print(VERSION) ?? EXIT.done;
    if (flags.help || !name) return out.write(help(name, out)) ?? EXIT.done;
    const code = await COMMANDS[name].run({args, flags, ...streams, ...out});
    return code ?? EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    if (error instanceof CliError) {
      if (error.message) out.fail(error);
      return error.exit;
    }
    // A file or folder that said no: the system's own sentence is the best one.
    if (error.syscall) {
      out.fail(new CliError(`${error.message}.`));
      return EXIT.failed;
    }
    throw error;
  }
}
