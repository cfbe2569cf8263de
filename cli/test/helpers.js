/** The cast of the tests: a home folder, a key of Alice's shop, and an API that plays its part. */
import assert from 'node:assert/strict';
import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';

import {checksum} from '../src/key.js';
import {main} from '../src/main.js';

export const makeKey = (letter) => {
  const body = `altera_${letter.repeat(40)}`;
  return body + checksum(body);
};

export const KEY = makeKey('a');
export const ALICE = 'alice.myshopify.com';
export const ABOUT_KEY = {
  shop: {domain: ALICE, name: "Alice's Teas"},
  name: 'Nightly backup',
  preview: 'altera_aaaa…aaaa',
  permissions: {export: ['products', 'redirects'], import: ['redirects']},
  expires_at: null,
};

export const problem = (status, code, detail, headers = {}) => (request, response) => {
  response.writeHead(status, {'content-type': 'application/problem+json', ...headers});
  response.end(JSON.stringify({type: 'about:blank', title: 'No', status, code, detail}));
};

/** An import whose deletes are more than the limit, planned and then applied. */
export const HELD_PLAN = {
  id: 'imp_1', types: ['redirects'], status: 'planned', rows: 42, dry_run: true, warnings: [],
  error: null, created_at: '2026-10-01T10:00:00Z', progress: {done: 42, total: 42}, counts: {},
  plan: {
    created: 0, updated: 0, deleted: 42, unchanged: 0, skipped: 0, failed: 0, blanks_kept: 0,
    not_undoable: [], limits: [{limit: 'deletes', count: 42, allowed: 10, earlier: 0, worst: []}],
  },
};
export const PLANNING = {
  'POST /imports': {...HELD_PLAN, status: 'queued', plan: null},
  'GET /imports/imp_1': HELD_PLAN,
  'GET /imports/imp_1/plan': {type: 'redirects', key: '/a', action: 'delete', rows: [2],
    changes: [], warnings: []},
  'POST /imports/imp_1/apply': {...HELD_PLAN, status: 'completed', counts: {deleted: 42}},
};

/**
 * A server that answers from `routes`: {'GET /key': answer}. An answer is JSON, a function
 * (request, response, body), or a list of them, one for each call (the last one stays).
 */
export async function serve(t, routes) {
  const calls = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // the client hung up
    }
    const body = Buffer.concat(chunks);
    const {pathname, searchParams} = new URL(request.url, 'http://localhost');
    const name = `${request.method} ${pathname.replace('/api/v1', '')}`;
    calls.push({name, headers: request.headers, query: Object.fromEntries(searchParams), body});
    const route = routes[name];
    const answer = Array.isArray(route) ? (route.length > 1 ? route.shift() : route[0]) : route;
    if (typeof answer === 'function') return answer(request, response, body);
    if (answer === undefined) return problem(404, 'not_found', `No ${name}.`)(request, response);
    response.writeHead(200, {'content-type': 'application/json'});
    response.end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    calls,
    routes,
    names: () => calls.map(({name}) => name),
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

export async function folder(t) {
  const path = await mkdtemp(join(tmpdir(), 'altera-'));
  t.after(() => rm(path, {recursive: true, force: true}));
  return path;
}

/**
 * A person at a computer: `run(words, …)` runs the program there and returns what came out. What is
 * `typed` comes from a terminal, which stays open; `input` from a pipe.
 */
export async function person(t, {url, env = {}} = {}) {
  const home = await folder(t);
  const all = {HOME: home, ...(url && {ALTERA_URL: url}), ...env};

  async function run(argv, {
    input = '', typed, env: more = {}, signal, tty = false, stdoutTty, columns = 60,
  } = {}) {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    Object.assign(stdout, {isTTY: stdoutTty ?? tty, columns});
    Object.assign(stderr, {isTTY: tty, columns});
    if (typed === undefined) stdin.end(input);
    else Object.assign(stdin, {isTTY: true}).write(typed);
    const collected = Promise.all([stdout, stderr].map(async (stream) =>
      Buffer.concat(await stream.toArray()).toString()));
    const code = await main(argv, {
      env: {...all, ...more}, stdin, stdout, stderr,
      signal: signal ?? new AbortController().signal,
    });
    stdout.end();
    stderr.end();
    const [out, err] = await collected;
    assert.ok(!(out + err).includes(KEY), 'the key is never shown');
    return {code, stdout: out, stderr: err};
  }

  return {home, run, file: join(home, '.config', 'altera', 'shops.json')};
}

/** The same, with Alice's shop already connected to the server. */
export async function connected(t, routes) {
  const api = await serve(t, {'GET /key': ABOUT_KEY, ...routes});
  const alice = await person(t, {url: api.url});
  const {code, stderr} = await alice.run(['shop', 'add', 'alice'], {input: `${KEY}\n`});
  assert.equal(code, 0, stderr);
  api.calls.length = 0;
  return {api, ...alice};
}
