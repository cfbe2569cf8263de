/** Ties main() to this process: Ctrl-C, a closed pipe, the exit code. */
import {main} from './main.js';

export async function run(process) {
  const interruption = new AbortController();
  // Once: a second Ctrl-C ends the program at once, as it does anywhere.
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => interruption.abort());
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') process.stderr.write(`${error.message}.\n`); // a full disk
    process.exit(1);
  });
  const {env, stdin, stdout, stderr} = process;
  process.exitCode = await main(process.argv.slice(2), {
    env, stdin, stdout, stderr, signal: interruption.signal,
  });
}
