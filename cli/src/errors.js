/** What can go wrong, as the sentence a person reads and the exit code a script reads. */
export const EXIT = {
  done: 0, failed: 1, usage: 2, key: 3, forbidden: 4, rowsFailed: 5, changes: 6, held: 7,
  interrupted: 130,
};

const CODES = {
  [EXIT.usage]: 'usage_error', [EXIT.key]: 'key_missing', [EXIT.forbidden]: 'not_allowed',
  [EXIT.interrupted]: 'interrupted',
};

/** An expected end: main() shows the message (if any) and returns the exit code. */
export class CliError extends Error {
  constructor(message, exit = EXIT.failed) {
    super(message);
    this.exit = exit;
    this.code = CODES[exit] ?? 'failed';
  }

  /** The same for programs, in the shape of the API's own problems (RFC 9457). */
  get problem() {
    return {type: 'about:blank', title: 'Error', code: this.code, detail: this.message};
  }
}

/** A mistake on the command line. */
export const usageError = (message) => new CliError(message, EXIT.usage);

/**
 * The server could not be reached, or stopped in the middle of an answer. `cut`: there was a
 * connection, so that nobody knows whether the call was done.
 */
export class Unreachable extends CliError {
  constructor(message, {cut = false} = {}) {
    super(message);
    this.cut = cut;
    this.code = 'unreachable';
    this.passing = true;
  }
}

/**
 * The API refused. `passing`: may work when tried later; `problem`: its answer, unchanged. Wrong
 * parameters are a usage error; a wrong file is not.
 */
export class ApiError extends CliError {
  #problem;

  constructor(message, {status, problem, fields = []}) {
    const usage = problem?.code === 'invalid' && fields.length && !fields.includes('file');
    super(message, usage ? EXIT.usage : EXITS[status] ?? EXIT.failed);
    this.#problem = problem;
    this.code = problem?.code ?? this.code;
    this.passing = [429, 502, 503, 504].includes(status);
  }

  get problem() {
    return this.#problem ?? super.problem;
  }
}

const EXITS = {401: EXIT.key, 403: EXIT.forbidden};
