/** The program as a function: arguments and streams in, exit code out. */
import {parse} from './arguments.js';
import {COMMANDS} from './commands/index.js';
import {CliError, EXIT} from './errors.js';
import {help} from './help.js';
import {clean, json} from './text.js';
import {VERSION} from './version.js';

export async function main(argv, {env, stdin, stdout, stderr, signal}) {
  const say = (text) => void stderr.write(`${clean(text)}\n`);
  const print = (result) =>
    void stdout.write(`${typeof result === 'string' ? clean(result) : json(result)}\n`);
  try {
    const {name, args, flags} = parse(argv);
    if (flags.version || flags.help || !name) {
      print(flags.version ? VERSION : help(name));
      return EXIT.done;
    }
    const code = await COMMANDS[name].run({
      args, flags, env, stdin, stdout, stderr, signal, say, print,
    });
    return code ?? EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    if (error instanceof CliError) {
      if (error.message) say(error.message);
      return error.exit;
    }
    // A file or folder that said no: the system's own sentence is the best one.
    if (error.syscall) {
      say(`${error.message}.`);
      return EXIT.failed;
    }
    throw error;
  }
}
