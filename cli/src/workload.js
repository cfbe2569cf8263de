/**
 * A job that needs no stored key: its platform gives it an ID token, and the server exchanges that
 * for a key that lives a few minutes. Both are hidden from the job's log; a key is renewed in time.
 */
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {promisify} from 'node:util';

import {replace, settingsFolder} from './config.js';
import {CliError, EXIT, usageError} from './errors.js';
import {checkedKey} from './key.js';
import {isLocal, serverUrl} from './shop.js';
import {transportFor, unreachable} from './transport.js';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const HANDLE = /^wl_[0-9A-Za-z]{20}$/;
const SPARE = 60_000; // milliseconds before its end at which a key is renewed, or half of its life
const TRIES = 4; // of a server or platform that is away for a moment
const MOST_TOKENS = 9; // ALTERA_ID_TOKEN to ALTERA_ID_TOKEN_9
const run = promisify(execFile);

/** {url, audience} of ALTERA_WORKLOAD, the address that the page shows; null without one. */
export function workloadOf({ALTERA_WORKLOAD: address}) {
  if (!address) return null;
  const [, server, handle] = /^(https?:\/\/.+)\/workloads\/([^/]+)$/.exec(address.trim()) ?? [];
  if (!server || !HANDLE.test(handle)) {
    throw usageError('ALTERA_WORKLOAD is not the address of a trusted workload. Copy it from ' +
      'Settings > API Keys in Altera.');
  }
  return {url: serverUrl(server), audience: address.trim()};
}

/** The keys of a workload, one after the other: `current()` is one that still works for a while. */
export class WorkloadKeys {
  #key = null;
  #renewal = null;
  #used = 0; // how many of the ID tokens in the environment

  constructor(context, {url, audience}) {
    Object.assign(this, {context, url, audience});
  }

  /** Of calls that come together one renews the key, and the others wait for it. */
  async current() {
    if (this.#key && performance.now() < this.#key.renewAt) return this.#key.text;
    this.#renewal ??= this.#renew().finally(() => { this.#renewal = null; });
    return this.#renewal;
  }

  async #renew() {
    const {env} = this.context;
    const kept = env.ALTERA_ID_TOKEN ? await this.#kept() : null;
    if (kept) return this.#use(kept.key, kept.ends - Date.now());
    try {
      const token = await this.#idToken();
      mask(this.context, token);
      const {access_token: text, expires_in: seconds} = await this.#exchange(token);
      mask(this.context, text);
      if (env.ALTERA_ID_TOKEN) await this.#keep(text, seconds);
      return this.#use(checkedKey(text), seconds * 1000);
    } catch (error) {
      // A key that ends soon is better than none.
      if (this.#key && performance.now() < this.#key.endsAt) return this.#key.text;
      throw error;
    }
  }

  #use(text, life) {
    const now = performance.now();
    this.#key = {text, endsAt: now + life, renewAt: now + life - Math.min(SPARE, life / 2)};
    return text;
  }

  /** The next ID token: the environment's own, else one that the platform is asked for. */
  async #idToken() {
    const {env} = this.context;
    if (env.ALTERA_ID_TOKEN_COMMAND) return this.#printedBy('sh', ['-c', env.ALTERA_ID_TOKEN_COMMAND]);
    if (env.ALTERA_ID_TOKEN) return this.#given();
    if (env.ACTIONS_ID_TOKEN_REQUEST_URL) return this.#ofGitHub();
    if (env.BUILDKITE === 'true') {
      const claims = ['organization_id', 'pipeline_id'].flatMap((name) => ['--claim', name]);
      return this.#printedBy('buildkite-agent',
        ['oidc', 'request-token', '--audience', this.audience, ...claims]);
    }
    if (env.CIRCLECI === 'true') {
      return this.#printedBy('circleci',
        ['run', 'oidc', 'get', '--claims', JSON.stringify({aud: this.audience})]);
    }
    if (env.GITHUB_ACTIONS === 'true') {
      throw new CliError('This job may not ask GitHub for an ID token. Add to the workflow:\n' +
        'permissions:\n  id-token: write', EXIT.key);
    }
    throw new CliError('ALTERA_WORKLOAD is set, but there is no ID token: set ALTERA_ID_TOKEN, or ' +
      'ALTERA_ID_TOKEN_COMMAND to a program that prints one.', EXIT.key);
  }

  /** ALTERA_ID_TOKEN, then ALTERA_ID_TOKEN_2 and so on: each is taken once. */
  #given() {
    const {env} = this.context;
    while (this.#used < MOST_TOKENS) {
      this.#used += 1;
      const token = env[`ALTERA_ID_TOKEN${this.#used > 1 ? `_${this.#used}` : ''}`];
      if (token) return token.trim();
    }
    throw new CliError('The key of this job has ended, and every ID token of it is used. Give the ' +
      'job another one in ALTERA_ID_TOKEN_2, or let the keys of the trusted workload live longer.',
    EXIT.key);
  }

  async #ofGitHub() {
    const {ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token} =
      this.context.env;
    if (!URL.canParse(address)) throw new CliError('ACTIONS_ID_TOKEN_REQUEST_URL is no address.');
    const url = new URL(address);
    if (url.protocol !== 'https:' && !isLocal(url)) {
      throw new CliError('ACTIONS_ID_TOKEN_REQUEST_URL does not begin with https://.');
    }
    url.searchParams.set('audience', this.audience);
    const answer = await this.#fetch(url, {headers: {authorization: `Bearer ${token}`}});
    const body = await answer.json().catch(() => null);
    if (!answer.ok || typeof body?.value !== 'string') {
      throw new CliError(`GitHub gave this job no ID token (HTTP ${answer.status}).`, EXIT.key);
    }
    return body.value;
  }

  async #printedBy(program, words) {
    try {
      const {stdout} = await run(program, words, {
        env: this.context.env, timeout: 60_000, signal: this.context.signal,
      });
      if (stdout.trim()) return stdout.trim();
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new CliError(`${program} gave no ID token (${error.code ?? error.signal}).`, EXIT.key);
    }
    throw new CliError(`${program} gave no ID token.`, EXIT.key);
  }

  async #exchange(token) {
    const body = new URLSearchParams({
      grant_type: EXCHANGE, subject_token_type: ID_TOKEN, subject_token: token,
      audience: this.audience,
    });
    const answer = await this.#fetch(`${this.url}/api/v1/token`, {method: 'POST', body});
    const told = await answer.json().catch(() => null);
    if (answer.ok && typeof told?.access_token === 'string') return told;
    const why = told?.error_description ?? told?.detail ?? `HTTP ${answer.status}`;
    throw new CliError(`${this.url} gave this job no key: ${why}`, EXIT.key);
  }

  /** An answer, asked for again while the other side is away; no redirect is followed. */
  async #fetch(url, options) {
    const {env, signal} = this.context;
    const send = await transportFor(env, String(url));
    for (let attempt = 1; ; attempt += 1) {
      let answer;
      try {
        answer = await send(url, {...options, redirect: 'manual', signal});
      } catch (error) {
        throw unreachable(error, env, new URL(url).origin);
      }
      if (![429, 503].includes(answer.status) || attempt === TRIES) return answer;
      await answer.body?.cancel();
      const seconds = Number(answer.headers.get('retry-after') ?? 1);
      await sleep(Math.min(Number.isFinite(seconds) ? seconds : 1, 60) * 1000, undefined, {signal});
    }
  }

  // An ID token of the environment is good once. So that the next command of the job finds the key
  // that it was exchanged for, that is kept until it ends, readable by its owner alone.

  async #file() {
    return join(await settingsFolder(this.context), 'workload.json');
  }

  get #name() {
    return createHash('sha256').update(`${this.audience}\n${this.context.env.ALTERA_ID_TOKEN}`).digest('hex');
  }

  async #kept() {
    try {
      const {name, key, ends} = JSON.parse(await readFile(await this.#file(), 'utf8'));
      const works = name === this.#name && ends - Date.now() > SPARE / 2 && key !== this.#key?.text;
      return works ? {key: checkedKey(key), ends} : null;
    } catch {
      return null;
    }
  }

  async #keep(key, seconds) {
    const kept = {name: this.#name, key, ends: Date.now() + seconds * 1000};
    await replace(await this.#file(), `${JSON.stringify(kept)}\n`);
  }
}

/** Have GitHub show `***` for a secret in all that the job prints from now on. */
function mask({env, stderr}, secret) {
  if (env.GITHUB_ACTIONS === 'true' && !/[\r\n]/.test(secret)) stderr.write(`::add-mask::${secret}\n`);
}
