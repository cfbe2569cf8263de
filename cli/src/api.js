/** The client of /api/v1: one method per kind of call; JSON out, or one of the named errors. */
import {randomUUID} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';

import {ApiError, CliError, Unreachable} from './errors.js';
import {transportFor, unreachable} from './transport.js';
import {VERSION} from './version.js';

const TRIES = 4; // of a GET that the server asks to repeat
const SENT = 3; // times that a POST is sent whose answer does not come
const LOOKS = 30; // for the answer to a call that is being done
const LONGEST_PAUSE = 60; // seconds; a server that asks for more is reported instead

export class Api {
  #headers;
  #keys;
  #transport;

  /**
   * `signal` ends every call but those given their own; `say` tells of a long pause; `env` may name
   * a proxy. Instead of a key there may be `keys`, whose `current()` is the one to use now.
   */
  constructor({url, key, keys, env, signal, say}) {
    Object.assign(this, {url, env, signal, say});
    this.#keys = keys;
    this.#headers = {
      ...(key && {authorization: `Bearer ${key}`}),
      'user-agent': `altera-cli/${VERSION} node/${process.versions.node}`,
    };
  }

  async get(path) {
    return this.#json(await this.open(path));
  }

  /** Not interrupted by the signal: what the server starts must be known, to be canceled. */
  async post(path, body) {
    return this.#once(path, {'content-type': 'application/json'}, () => ({
      body: JSON.stringify(body),
      signal: undefined,
    }));
  }

  /**
   * POST the stream that `open` gives: of `size` bytes, or of a length that nobody knows yet. If it
   * is cut off it is opened and sent again where it can be `repeated`, and `missed` tells no reason.
   */
  async upload(path, open, {size, type, repeated, missed}) {
    const length = size === null ? {} : {'content-length': String(size)};
    const headers = {'content-type': type, ...length};
    return this.#once(path, headers, () => ({body: open(), duplex: 'half'}), {repeated, missed});
  }

  /**
   * POST, and the same again under the same Idempotency-Key if the connection is cut off: what the
   * server has done already it answers without doing it twice.
   */
  async #once(path, headers, options, {repeated = true, missed = async () => {}} = {}) {
    const named = {...headers, 'idempotency-key': randomUUID()};
    for (let sent = 1, looks = 1; ;) {
      try {
        return await this.#json(await this.#send('POST', path, {headers: named, ...options()}));
      } catch (error) {
        const running = error.code === 'idempotency_in_progress' && sent > 1;
        if (error instanceof Unreachable && !this.signal?.aborted) await missed();
        const lost = error instanceof Unreachable && error.cut && !this.signal?.aborted;
        if (!repeated || !(running ? looks < LOOKS : lost && sent < SENT)) throw error;
        if (lost) this.say('The connection was cut off; sending the call again.');
        if (running) looks += 1;
        else sent += 1;
        await sleep(500, undefined, {signal: this.signal});
      }
    }
  }

  async delete(path, signal) {
    return this.#json(await this.#send('DELETE', path, {signal}));
  }

  /** GET with the body still to be read; waits and tries again when asked to. */
  async open(path, headers = {}) {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#fetch('GET', path, {headers});
      if (response.ok) return response;
      const pause = attempt < TRIES ? retryAfter(response) : null;
      if (pause === null) throw await this.#refusal(response);
      await response.body?.cancel();
      if (pause > 2) this.say(`The server is busy; trying again in ${pause} seconds.`);
      await sleep(pause * 1000, undefined, {signal: this.signal});
    }
  }

  async #send(method, path, options) {
    const response = await this.#fetch(method, path, options);
    if (!response.ok) throw await this.#refusal(response);
    return response;
  }

  async #fetch(method, path, {headers, ...options}) {
    let response;
    this.#transport ??= await transportFor(this.env, this.url);
    const key = this.#keys && {authorization: `Bearer ${await this.#keys.current()}`};
    try {
      response = await this.#transport(`${this.url}/api/v1${path}`, {
        method,
        redirect: 'manual', // the key goes to the address that the user named, and no further
        signal: this.signal,
        ...options,
        headers: {accept: 'application/json', ...headers, ...this.#headers, ...key},
      });
    } catch (error) {
      if (error instanceof CliError) throw error; // the body that was to be sent said so
      throw unreachable(error, this.env, this.url);
    }
    if (response.status >= 300 && response.status < 400) {
      const location = response.headers.get('location');
      if (!location || !URL.canParse(location, this.url)) throw this.#stranger(response);
      const target = new URL(location, this.url).origin;
      throw new CliError(
        `${this.url} redirects to ${target}. If you trust it, use --url ${target}.`);
    }
    return response;
  }

  async #json(response) {
    let text;
    try {
      text = await response.text();
    } catch {
      throw new Unreachable(`The connection to ${this.url} was cut off. Try again.`, {cut: true});
    }
    let answer = null;
    try {
      answer = JSON.parse(text);
    } catch {
      // reported below
    }
    if (!isObject(answer)) throw this.#stranger(response);
    return answer;
  }

  async #refusal(response) {
    const {status} = response;
    const problem = await response.json().catch(() => null);
    if (typeof problem?.detail !== 'string') {
      return new ApiError(this.#stranger(response).message, {status});
    }
    const errors = Array.isArray(problem.errors) ? problem.errors.filter(isObject) : [];
    const repeated = errors.length === 1 && errors[0].detail === problem.detail; // nothing to add
    const list = repeated ? [] : errors.map(({field, detail}) => `\n  ${field}: ${detail}`);
    const fields = errors.map(({field}) => field);
    return new ApiError(problem.detail + list.join(''), {status, problem, fields});
  }

  #stranger({status}) {
    return new CliError(
      `${this.url} does not answer like an Altera server (HTTP ${status}). ` +
        'Check the address (--url or ALTERA_URL), or try again later.');
  }
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Seconds that a 429 or 503 asks to wait; null when it is neither or asks for too long. */
function retryAfter({status, headers}) {
  if (status !== 429 && status !== 503) return null;
  const asked = headers.get('retry-after') ?? '1';
  const seconds = /^\d+$/.test(asked)
    ? Number(asked)
    : Math.ceil((Date.parse(asked) - Date.now()) / 1000);
  return seconds <= LONGEST_PAUSE ? Math.max(seconds, 0) : null;
}
