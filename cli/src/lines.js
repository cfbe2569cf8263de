/** The lines of a response, one by one as they arrive. */
import {Unreachable} from './errors.js';

/** Yields each line of `body`; `what` is what was cut off if it ends too early. */
export async function* linesOf({body}, what) {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body) {
      const complete = (rest + decoder.decode(chunk, {stream: true})).split('\n');
      rest = complete.pop();
      yield* complete.filter(Boolean);
    }
  } catch {
    throw new Unreachable(`${what} was cut off. Run the command again.`);
  }
  if (rest) yield rest;
}
