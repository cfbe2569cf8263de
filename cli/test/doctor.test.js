import assert from 'node:assert/strict';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {ABOUT_KEY, connected, person, problem} from './helpers.js';

const OPENAPI = {openapi: '3.1.0', info: {title: 'Altera', version: '1.2.3'}};
const states = ({stdout}) => Object.fromEntries(
  JSON.parse(stdout).map(({name, state, text}) => [name, `${state}: ${text}`]));

test('doctor tells what every command needs', async (t) => {
  const {run, api, file} = await connected(t, {'GET /openapi.json': OPENAPI});

  const {code, stdout, stderr} = await run(['doctor']);

  assert.equal(code, 0, stdout);
  assert.equal(stderr, '');
  assert.match(stdout, /^ok {2}Altera +\d+\.\d+\.\d+ on \w+ \w+\nok {2}Node +\d+/);
  const told = states(await run(['doctor', '--json']));
  assert.equal(told.Settings, `ok: ${file} (1 shop)`);
  assert.equal(told.Proxy, 'ok: none');
  assert.equal(told.Server, `ok: ${api.url}, API 1.2.3`);
  assert.equal(told.Clock, "ok: agrees with the server's");
  assert.match(told.Key, /^ok: Nightly backup \(altera_aaaa…aaaa\) of alice\S+, from shops\.json$/);
  assert.equal(told.Permissions, 'ok: may export products, redirects; import redirects');
  assert.equal(told.Expiry, 'ok: never');
  const first = api.calls.find(({name}) => name === 'GET /openapi.json');
  assert.equal(first.headers.authorization, undefined);
});

test('doctor warns of a clock that is wrong and of a key that ends soon', async (t) => {
  const ending = {...ABOUT_KEY, expires_at: new Date(Date.now() + 86_400_000).toISOString()};
  const {run} = await connected(t, {
    'GET /key': [ABOUT_KEY, ending],
    'GET /openapi.json': (request, response) => {
      response.writeHead(200, {date: new Date(Date.now() - 600_000).toUTCString()});
      response.end(JSON.stringify(OPENAPI));
    },
  });
  const done = await run(['doctor', '--json']);
  assert.equal(done.code, 0);
  assert.match(states(done).Clock, /^warning: \d+ seconds ahead of the server's/);
  assert.match(states(done).Expiry, /^warning: /);
});

test('doctor ends as the first problem does', async (t) => {
  const {run, api} = await connected(t, {
    'GET /openapi.json': OPENAPI,
    'GET /key': [ABOUT_KEY, problem(401, 'key_invalid', 'This key does not work.')],
  });
  const refused = await run(['doctor', '--json']);
  assert.equal(refused.code, 3);
  assert.equal(states(refused).Key, 'problem: This key does not work.');
  await api.close();
  const away = await run(['doctor', '--json']);
  assert.equal(away.code, 1);
  assert.match(states(away).Server, /^problem: Cannot reach http/);
  assert.ok(!('Key' in states(away)));
});

test('doctor looks at certificates and settings that cannot be used', async (t) => {
  const {run, home} = await person(t);
  const empty = join(home, 'empty.pem');
  await writeFile(empty, 'nothing');
  const env = {NODE_EXTRA_CA_CERTS: empty, XDG_CONFIG_HOME: '/proc'};
  const {code, stdout} = await run(['doctor', '--json'], {env});
  assert.equal(code, 1);
  assert.match(states({stdout}).Certificates, /^problem: NODE_EXTRA_CA_CERTS names .*no certificate/);
  assert.match(states({stdout}).Proxy, /^problem: Name the server with/);
  assert.equal(await readFile(empty, 'utf8'), 'nothing');
});
