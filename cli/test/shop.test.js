import assert from 'node:assert/strict';
import {chmod, mkdir, readFile, readdir, stat, writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {test} from 'node:test';

import {shopsFile} from '../src/config.js';
import {ABOUT_KEY, ALICE, KEY, connected, makeKey, person, problem, serve} from './helpers.js';

const REFUSED = problem(401, 'key_invalid', 'This key does not work. Create one in Settings.');
const aboutKeyOf = (domain) => ({...ABOUT_KEY, shop: {domain, name: domain}});

test('shop add takes the key from a pipe, checks it and keeps it for its owner alone', async (t) => {
  const api = await serve(t, {'GET /key': ABOUT_KEY});
  const alice = await person(t);

  const added = await alice.run(['shop', 'add', 'alice', '--url', api.url], {input: `${KEY}\nmore`});

  assert.deepEqual(added, {
    code: 0, stdout: '', stderr: `Connected to Alice's Teas (${ALICE}). Commands now use it.\n`,
  });
  assert.equal(api.calls[0].headers.authorization, `Bearer ${KEY}`);
  assert.match(api.calls[0].headers['user-agent'], /^altera-cli\/\d/);
  assert.deepEqual(JSON.parse(await readFile(alice.file, 'utf8')), {
    current: ALICE, shops: {[ALICE]: {url: api.url, key: KEY, name: "Alice's Teas"}},
  });
  assert.equal((await stat(alice.file)).mode & 0o777, 0o600);
  assert.equal((await stat(dirname(alice.file))).mode & 0o777, 0o700);
  assert.deepEqual(await readdir(dirname(alice.file)), ['shops.json']);
});

test('shop add takes the key from ALTERA_API_KEY before the pipe', async (t) => {
  const api = await serve(t, {'GET /key': ABOUT_KEY});
  const alice = await person(t, {url: api.url, env: {ALTERA_API_KEY: KEY}});

  assert.equal((await alice.run(['shop', 'add', 'alice'], {input: makeKey('b')})).code, 0);
  assert.equal(api.calls[0].headers.authorization, `Bearer ${KEY}`);
});

test('a mistyped or missing key is caught before any request', async (t) => {
  const api = await serve(t, {'GET /key': ABOUT_KEY});
  const alice = await person(t, {url: api.url});

  const typo = await alice.run(['shop', 'add', 'alice'], {input: `${KEY.slice(0, -1)}!\n`});
  const nothing = await alice.run(['shop', 'add', 'alice']);

  assert.equal(typo.code, 3);
  assert.match(typo.stderr, /^That is not a complete Altera key .*Settings > API Keys\.\n$/);
  assert.equal(nothing.code, 3);
  assert.match(nothing.stderr, /^No key was given\./);
  assert.deepEqual(api.calls, []);
});

test('a key that the server refuses is not kept', async (t) => {
  const api = await serve(t, {'GET /key': REFUSED});
  const alice = await person(t, {url: api.url});

  const {code, stderr} = await alice.run(['shop', 'add', 'alice'], {input: KEY});

  assert.equal(code, 3);
  assert.equal(stderr, 'This key does not work. Create one in Settings.\n');
  await assert.rejects(stat(alice.file), {code: 'ENOENT'});
});

test("a key of Bob's shop is not kept for Alice's", async (t) => {
  const api = await serve(t, {'GET /key': aboutKeyOf('bob.myshopify.com')});
  const alice = await person(t, {url: api.url});

  const {code, stderr} = await alice.run(['shop', 'add', 'alice'], {input: KEY});

  assert.equal(code, 3);
  assert.match(stderr, /^This is a key of bob\.myshopify\.com, not of alice\.myshopify\.com\./);
  await assert.rejects(stat(alice.file), {code: 'ENOENT'});
});

test('shop test tells how much personal data the key sees unless it sees all', async (t) => {
  const {run, api} = await connected(t);

  for (const [seen, words] of [['all', null], ['replaced', 'replaced by stand-in values'], ['none', 'none']]) {
    api.routes['GET /key'] = {...ABOUT_KEY, personal_data: seen};
    const {stdout} = await run(['shop', 'test']);
    if (words) assert.match(stdout, new RegExp(`Personal data +${words}\\n`));
    else assert.doesNotMatch(stdout, /Personal data/);
  }
});

test('shop test tells whose key it is and what it may do', async (t) => {
  const {run, api} = await connected(t);

  const {code, stdout, stderr} = await run(['shop', 'test']);

  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /^The connection to alice\.myshopify\.com works\.\n/);
  assert.match(stdout, /Key +Nightly backup \(altera_aaaa…aaaa\)/);
  assert.match(stdout, /May export +products, redirects\nMay import +redirects\n/);
  assert.match(stdout, new RegExp(`Server +${api.url}`));
  assert.deepEqual(JSON.parse((await run(['shop', 'test', 'alice', '--json'])).stdout), ABOUT_KEY);
});

test('what a server sends cannot command the terminal', async (t) => {
  const evil = '\u001b]0;owned\u0007\u009b31m\u202e\u200e\u200f\u061c\u2028\u2029\u2066evil';
  const about = {...ABOUT_KEY, name: evil};
  const {run} = await connected(t, {'GET /key': [ABOUT_KEY, about, about, problem(403, 'x', evil)]});

  const shown = (await run(['shop', 'test'])).stdout;
  const asJson = (await run(['shop', 'test', '--json'])).stdout;
  const refused = (await run(['shop', 'test'])).stderr;

  for (const text of [shown, asJson, refused]) {
    assert.doesNotMatch(text, /[\u001b\u0007\u009b\u202e\u200e\u200f\u061c\u2028\u2029\u2066]/);
  }
  assert.equal(JSON.parse(asJson).name, evil);
});

test('a deleted key ends with 3, a plan without the API with 4, a broken server with 1', async (t) => {
  const {run} = await connected(t, {'GET /key': [ABOUT_KEY, REFUSED,
    problem(403, 'plan_without_api', 'The plan Free has no API access.'),
    problem(500, 'internal', 'Something broke.')]});

  assert.equal((await run(['shop', 'test'])).code, 3);
  assert.deepEqual(await run(['shop', 'test']),
    {code: 4, stdout: '', stderr: 'The plan Free has no API access.\n'});
  assert.equal((await run(['shop', 'test'])).code, 1);
});

test('several shops: list, use, --shop, remove', async (t) => {
  const {run, api, file} = await connected(t, {
    'GET /key': (request, response) => {
      response.setHeader('content-type', 'application/json');
      const bob = request.headers.authorization.endsWith(makeKey('b'));
      response.end(JSON.stringify(bob ? aboutKeyOf('bob.myshopify.com') : ABOUT_KEY));
    },
  });
  await run(['shop', 'add', 'bob'], {input: makeKey('b')});

  const list = await run(['shop', 'list'], {env: {ALTERA_URL: ''}});
  assert.match(list.stdout, /^ {3}alice\.myshopify\.com +Alice's Teas +http/);
  assert.match(list.stdout, /\* {2}bob\.myshopify\.com/);
  assert.match((await run(['shop', 'test'])).stdout, /bob\.myshopify\.com works/);
  assert.match((await run(['shop', 'test', 'alice'])).stdout, /alice\.myshopify\.com works/);
  assert.match((await run(['shop', 'test', '--shop', 'alice'])).stdout, /alice/);
  assert.equal((await run(['shop', 'test', 'alice', '--shop', 'bob'])).code, 2);

  assert.match((await run(['shop', 'use', 'alice'])).stderr, /^Now using Alice's Teas/);
  assert.match((await run(['shop', 'test'])).stdout, /alice\.myshopify\.com works/);
  const asJson = JSON.parse((await run(['shop', 'list', '--json'])).stdout);
  assert.deepEqual(asJson.map(({domain, url, current}) => [domain, url, current]),
    [[ALICE, api.url, true], ['bob.myshopify.com', api.url, false]]);

  assert.match((await run(['shop', 'remove', 'alice'])).stderr, /Now using bob\.myshopify\.com/);
  assert.doesNotMatch(await readFile(file, 'utf8'), /alice/);
  assert.equal((await run(['shop', 'remove', 'bob'])).code, 0);
  assert.deepEqual(await run(['shop', 'list']), {
    code: 0, stdout: '', stderr: 'No shop is connected. Connect one with: altera shop add <shop>\n',
  });
});

test('a shop that is not connected ends with 3, a choice between several with 2', async (t) => {
  const {run} = await connected(t, {
    'GET /key': [ABOUT_KEY, aboutKeyOf('bob.myshopify.com'), aboutKeyOf('eve.myshopify.com')],
  });
  for (const words of [['test', 'carol'], ['use', 'carol'], ['remove', 'carol']]) {
    const {code, stderr} = await run(['shop', ...words]);
    assert.equal(code, 3);
    assert.match(stderr, /^No key is saved for carol\.myshopify\.com\. Connect it with: altera shop/);
  }
  for (const word of ['use', 'remove']) {
    const {code, stderr} = await run(['shop', word], {env: {ALTERA_SHOP: 'alice'}});
    assert.deepEqual([code, stderr],
      [2, 'Name a shop, or a profile with --profile. See: altera shop list\n']);
  }
  await run(['shop', 'add', 'bob'], {input: makeKey('b')});
  await run(['shop', 'add', 'eve'], {input: makeKey('e')});
  await run(['shop', 'remove', 'eve']);
  const {code, stderr} = await run(['shop', 'test']);
  assert.equal(code, 2);
  assert.match(stderr, /^Several shops are connected\./);
});

test('without any shop the first sentence says how to connect one', async (t) => {
  const {run} = await person(t);
  const {code, stderr} = await run(['shop', 'test']);
  assert.equal(code, 3);
  assert.match(stderr, /Connect one with: altera shop add <shop>\n$/);
});

test('ALTERA_API_KEY goes before the kept key, and must be of the shop that is named', async (t) => {
  const {run, api} = await connected(t, {
    'GET /key': [ABOUT_KEY, aboutKeyOf('bob.myshopify.com')], 'GET /exports': {exports: []},
    'GET /imports': {imports: []},
  });
  const env = {ALTERA_API_KEY: makeKey('b')};

  assert.match((await run(['shop', 'test'], {env})).stdout, /bob\.myshopify\.com works/);
  assert.equal(api.calls[0].headers.authorization, `Bearer ${makeKey('b')}`);
  assert.equal((await run(['job', 'list', '--shop', 'bob'], {env})).code, 0);
  assert.equal((await run(['job', 'list', '--shop', 'alice'], {env})).code, 3);
  assert.equal((await run(['job', 'list'], {env: {ALTERA_API_KEY: 'altera_x'}})).code, 3);
});

test('the address is kept with the shop; --url goes before ALTERA_URL', async (t) => {
  const {run} = await connected(t);
  const nowhere = 'http://127.0.0.1:9';

  assert.equal((await run(['shop', 'test'], {env: {ALTERA_URL: ''}})).code, 0);
  const env = {ALTERA_API_KEY: KEY};
  const {code, stderr} = await run(['shop', 'test', '--url', nowhere], {env});
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot reach http:\/\/127\.0\.0\.1:9 \(.+\)\. Check the address/);
  assert.equal((await run(['shop', 'test', '--url', 'http://shop.example'])).code, 2);
});

test('a file of shops that others could read is closed to them, with a warning', async (t) => {
  const {run, file} = await connected(t);
  await chmod(file, 0o644);

  const first = await run(['shop', 'test']);

  assert.equal(first.code, 0);
  assert.match(first.stderr, /^Warning: Other users of this computer could read .*shops\.json/);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await run(['shop', 'test'])).stderr, '');
});

test('a damaged file of shops is one sentence, and is left as it is', async (t) => {
  const {run, file} = await person(t);
  await mkdir(dirname(file), {recursive: true});
  for (const text of ['', '{', '[]', 'null', '{"shops": {"a": 1}}', '{"shops": {"a": {"url": 1}}}']) {
    await writeFile(file, text, {mode: 0o600});
    const {code, stderr} = await run(['shop', 'add', 'alice'], {input: KEY});
    assert.equal(code, 1, text);
    assert.match(stderr, /shops\.json is damaged\. Delete it.*\n$/);
    assert.equal(await readFile(file, 'utf8'), text);
  }
});

test('programs that add shops together do not lose one', async (t) => {
  const api = await serve(t, {
    'GET /key': (request, response) => {
      response.setHeader('content-type', 'application/json');
      const letter = request.headers.authorization.slice(-8, -7);
      response.end(JSON.stringify(aboutKeyOf(`${letter}.myshopify.com`)));
    },
  });
  const alice = await person(t, {url: api.url});
  const letters = [...'abcdefgh'];

  const done = await Promise.all(letters.map((letter) =>
    alice.run(['shop', 'add', letter], {env: {ALTERA_API_KEY: makeKey(letter)}})));

  assert.deepEqual(done.map(({code}) => code), letters.map(() => 0));
  const {shops} = JSON.parse(await readFile(alice.file, 'utf8'));
  assert.deepEqual(Object.keys(shops).sort(), letters.map((name) => `${name}.myshopify.com`));
});

test('the file of shops stands where each system keeps such files', () => {
  const home = {HOME: '/home/alice'};
  assert.equal(shopsFile(home, 'linux'), '/home/alice/.config/altera/shops.json');
  assert.equal(shopsFile({...home, XDG_CONFIG_HOME: '/cfg'}, 'linux'), '/cfg/altera/shops.json');
  assert.equal(shopsFile({...home, XDG_CONFIG_HOME: 'cfg'}, 'linux'),
    '/home/alice/.config/altera/shops.json');
  assert.match(shopsFile({...home, APPDATA: 'C:\\Data'}, 'win32'), /^C:\\Data.altera.shops\.json$/);
});
