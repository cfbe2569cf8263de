/** Jobs without a stored key: which ID token is exchanged, what is hidden, and when it is renewed. */
import assert from 'node:assert/strict';
import {chmod, readFile, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {WorkloadKeys} from '../src/workload.js';
import {ABOUT_KEY, ALICE, KEY, folder, makeKey, person, problem, serve} from './helpers.js';

const HANDLE = `wl_${'a'.repeat(20)}`;
const SHORT = makeKey('s');

const given = (text, seconds = 300) => ({
  access_token: text, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  token_type: 'Bearer', expires_in: seconds,
});

/** A server that gives a key for ID tokens, and a job at a platform that has set `env`. */
async function job(t, routes = {}, env = {}) {
  const api = await serve(t, {'GET /key': ABOUT_KEY, 'POST /token': given(SHORT), ...routes});
  const workload = `${api.url}/workloads/${HANDLE}`;
  const {run, home} = await person(t, {env: {ALTERA_WORKLOAD: workload, ...env}});
  const exchanges = () => api.calls.filter(({name}) => name === 'POST /token')
    .map(({body}) => Object.fromEntries(new URLSearchParams(body.toString())));
  return {api, run, home, workload, exchanges};
}

/** A program of this name that does as the script says. */
async function program(t, name, script) {
  const path = await folder(t);
  await writeFile(join(path, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(path, name), 0o755);
  return `${path}:${process.env.PATH}`;
}

test('at GitHub a job asks for an ID token, exchanges it and hides both', async (t) => {
  const {api, run, workload, exchanges} = await job(t, {'GET /oidc': {value: 'github.id.token'}});
  const env = {
    GITHUB_ACTIONS: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${api.url}/oidc?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'runner',
  };
  const {code, stdout, stderr} = await run(['shop', 'test'], {env});
  assert.equal(code, 0, stderr);
  assert.match(stdout, new RegExp(`The connection to ${ALICE} works`));
  const asked = api.calls.find(({name}) => name === 'GET /oidc');
  assert.deepEqual(asked.query, {'api-version': '2.0', audience: workload});
  assert.equal(asked.headers.authorization, 'Bearer runner');
  assert.deepEqual(exchanges(), [{
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    subject_token: 'github.id.token', audience: workload,
  }]);
  assert.equal(api.calls.at(-1).headers.authorization, `Bearer ${SHORT}`);
  assert.equal(stderr, `::add-mask::github.id.token\n::add-mask::${SHORT}\n`);
  assert.ok(!stdout.includes(SHORT));
});

test('elsewhere nothing of a token or key is printed', async (t) => {
  const {run} = await job(t, {}, {ALTERA_ID_TOKEN: 'given.id.token'});
  const {code, stdout, stderr} = await run(['shop', 'test']);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  assert.ok(!stdout.includes(SHORT) && !stdout.includes('given'));
});

test('Buildkite, CircleCI and a program of one\'s own are asked', async (t) => {
  const print = 'echo "$(basename "$0").$*"';
  for (const [name, env, said] of [
    ['buildkite-agent', {BUILDKITE: 'true'},
      (aud) => `buildkite-agent.oidc request-token --audience ${aud} --claim organization_id --claim pipeline_id`],
    ['circleci', {CIRCLECI: 'true'}, (aud) => `circleci.run oidc get --claims {"aud":"${aud}"}`],
    ['token', {ALTERA_ID_TOKEN_COMMAND: 'token for me'}, () => 'token.for me'],
  ]) {
    const {run, workload, exchanges} = await job(t, {}, {...env, PATH: await program(t, name, print)});
    const {code, stderr} = await run(['shop', 'test']);
    assert.equal(code, 0, stderr);
    assert.equal(exchanges()[0].subject_token, said(workload));
  }
});

test('a program that fails is named, not what it printed', async (t) => {
  const env = {BUILDKITE: 'true', PATH: await program(t, 'buildkite-agent', 'echo secret >&2; exit 7')};
  const {code, stderr} = await (await job(t, {}, env)).run(['shop', 'test']);
  assert.equal(code, 3);
  assert.equal(stderr, 'buildkite-agent gave no ID token (7).\n');
});

test('a token of the environment serves every command of the job, while its key lives', async (t) => {
  const {api, run, home, exchanges} = await job(t, {}, {ALTERA_ID_TOKEN: 'given.id.token'});
  for (let command = 0; command < 3; command += 1) assert.equal((await run(['shop', 'test'])).code, 0);
  assert.equal(exchanges().length, 1);
  const file = join(home, '.config', 'altera', 'workload.json');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.ok(!(await readFile(file, 'utf8')).includes('given.id.token'));

  const other = {ALTERA_ID_TOKEN: 'another.id.token'};
  assert.equal((await run(['shop', 'test'], {env: other})).code, 0);
  assert.equal(exchanges().length, 2);

  const kept = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({...kept, ends: Date.now() - 1}));
  assert.equal((await run(['shop', 'test'], {env: other})).code, 0);
  assert.equal(exchanges().length, 3);
  await writeFile(file, 'damaged');
  assert.equal((await run(['shop', 'test'], {env: other})).code, 0);
  assert.equal(api.calls.at(-1).headers.authorization, `Bearer ${SHORT}`);
});

test('a long job renews its key, and calls that come together renew it once', async (t) => {
  const texts = ['s', 't', 'u', 'v'].map((letter) => makeKey(letter));
  const {api, workload, exchanges, home} = await job(t, {'POST /token': texts.map((text) => given(text, 1))});
  const env = {
    HOME: home, ALTERA_ID_TOKEN: 'one', ALTERA_ID_TOKEN_2: 'two', ALTERA_ID_TOKEN_3: 'three',
  };
  const keys = new WorkloadKeys({env, stderr: null}, {url: api.url, audience: workload});
  const together = () => Promise.all([1, 2, 3].map(() => keys.current()));
  assert.deepEqual(await together(), [texts[0], texts[0], texts[0]]);
  const second = await until(() => keys.current(), (text) => text !== texts[0]);
  assert.equal(second, texts[1]);
  await until(() => keys.current(), (text) => text === texts[2]);
  assert.deepEqual(exchanges().map(({subject_token: token}) => token), ['one', 'two', 'three']);
  await assert.rejects(until(() => keys.current(), () => false), /every ID token of it is used/);
});

/** What `get` gives as soon as it `fits`. */
async function until(get, fits) {
  const end = performance.now() + 30_000;
  for (;;) {
    const found = await get();
    if (fits(found)) return found;
    assert.ok(performance.now() < end, 'in time');
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

test('a refusal says which claim did not fit', async (t) => {
  const no = {error: 'invalid_request', error_description: 'event_name: Someone outside can start it.'};
  const refuse = (request, response) => {
    response.writeHead(400, {'content-type': 'application/json'});
    response.end(JSON.stringify(no));
  };
  const {run} = await job(t, {'POST /token': refuse}, {ALTERA_ID_TOKEN: 'given.id.token'});
  const {code, stderr} = await run(['shop', 'test']);
  assert.equal(code, 3);
  assert.match(stderr.replaceAll('\n', ' '), /gave this job no key: event_name: Someone outside can start it\./);
});

test('a server that is away for a moment is asked again', async (t) => {
  const busy = problem(503, 'server_busy', 'Busy.', {'retry-after': '0'});
  const routes = {'POST /token': [busy, busy, given(SHORT)]};
  const {run, exchanges} = await job(t, routes, {ALTERA_ID_TOKEN: 'given.id.token'});
  assert.equal((await run(['shop', 'test'])).code, 0);
  assert.equal(exchanges().length, 3);
});

test('without an ID token it says what is missing', async (t) => {
  const {run, api} = await job(t);
  const none = await run(['shop', 'test']);
  assert.equal(none.code, 3);
  assert.match(none.stderr, /^ALTERA_WORKLOAD is set, but there is no ID token/);
  const github = await run(['shop', 'test'], {env: {GITHUB_ACTIONS: 'true'}});
  assert.match(github.stderr, /id-token: write/);
  const http = {ACTIONS_ID_TOKEN_REQUEST_URL: 'http://issuer.example/', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x'};
  assert.match((await run(['shop', 'test'], {env: http})).stderr, /does not begin with https/);
  const wrong = await run(['shop', 'test'], {env: {ALTERA_WORKLOAD: 'wl_1'}});
  assert.equal(wrong.code, 2);
  assert.deepEqual(api.calls, []);
});

test('a key that is given goes first, and so does a profile that is typed', async (t) => {
  const {run, api, exchanges} = await job(t, {}, {ALTERA_ID_TOKEN: 'given.id.token'});
  const env = {ALTERA_API_KEY: KEY, ALTERA_URL: api.url};
  assert.equal((await run(['shop', 'test'], {env})).code, 0);
  assert.equal(api.calls.at(-1).headers.authorization, `Bearer ${KEY}`);
  assert.equal((await run(['shop', 'test', '--profile', 'backup'])).code, 3);
  assert.deepEqual(exchanges(), []);
});

test('a key of another shop than the one named is refused', async (t) => {
  const {run} = await job(t, {}, {ALTERA_ID_TOKEN: 'given.id.token'});
  assert.equal((await run(['shop', 'test', 'alice'])).code, 0);
  const {code, stderr} = await run(['shop', 'test', 'bob']);
  assert.equal(code, 3);
  assert.match(stderr, /This is a key of alice\.myshopify\.com/);
});

test('doctor looks at the server and the key of the workload', async (t) => {
  const {run, api} = await job(t, {'GET /openapi.json': {info: {version: '1'}}}, {ALTERA_ID_TOKEN: 'given.id.token'});
  const {stdout} = await run(['doctor']);
  assert.match(stdout, new RegExp(api.url));
  assert.match(stdout.replaceAll(/\s+/g, ' '), /from ALTERA_WORKLOAD/);
});
