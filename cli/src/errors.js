/** What can go wrong, as the sentence a person reads and the exit code a script reads. */
export const EXIT = {
  done: 0, failed: 1, usage: 2, key: 3, forbidden: 4, rowsFailed: 5, interrupted: 130,
};

/** An expected end: main() shows the message (if any) on one line and returns the exit code. */
export class CliError extends Error {
  constructor(message, exit = EXIT.failed) {
    super(message);
    this.exit = exit;
  }
}

/** The server could not be reached, or stopped in the middle of an answer. */
export class Unreachable extends CliError {
  passing = true;
}

/** The API refused. `code` is its stable word for programs; `passing`: may work when tried later. */
export class ApiError extends CliError {
  constructor(message, {status, code}) {
    super(message, {401: EXIT.key, 403: EXIT.forbidden}[status] ?? EXIT.failed);
    this.code = code;
    this.passing = [429, 502, 503, 504].includes(status);
  }
}
