/** Which key goes to which server. */
import assert from 'node:assert/strict';
import {chmod, lstat, mkdir, readFile, stat, symlink, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {test} from 'node:test';

import {ABOUT_KEY, ALICE, KEY, connected, folder, makeKey, person, serve} from './helpers.js';

const BOB = 'bob.myshopify.com';

test('a kept key goes only to the server that it was added for', async (t) => {
  const {run, api} = await connected(t);
  const other = await serve(t, {'GET /key': ABOUT_KEY, 'GET /exports': {exports: []}});

  for (const [words, env] of [
    [['shop', 'test', '--url', other.url], {}],
    [['shop', 'test', 'alice'], {ALTERA_URL: other.url}],
    [['job', 'list'], {ALTERA_URL: other.url}],
    [['shop', 'test', '--url', api.url.replace('127.0.0.1', 'localhost')], {}],
  ]) {
    const {code, stdout, stderr} = await run(words, {env});
    assert.equal(code, 3);
    assert.equal(stdout, '');
    assert.match(stderr, /^The key for alice\.myshopify\.com was added for http\S+ and is not sent to/);
    assert.match(stderr, /altera shop add alice\.myshopify\.com --url http:\/\/\S+\n$/);
  }
  assert.deepEqual([...api.calls, ...other.calls], []);

  const env = {ALTERA_URL: other.url};
  assert.equal((await run(['shop', 'test'], {env: {...env, ALTERA_API_KEY: KEY}})).code, 0);
  assert.equal((await run(['shop', 'add', 'alice'], {env, input: KEY})).code, 0);
  assert.equal((await run(['shop', 'test'], {env})).code, 0);
});

test('without a server anywhere the first sentence says how to name it', async (t) => {
  const {run} = await person(t, {env: {ALTERA_API_KEY: KEY}});
  const {code, stderr} = await run(['shop', 'test']);
  assert.equal(code, 2);
  assert.match(stderr, /^Name the server with --url <address>\./);
});

test('one shop may have several keys, each with a profile', async (t) => {
  const {run, api, file} = await connected(t);
  const sentKey = () => api.calls.at(-1).headers.authorization.slice('Bearer '.length);

  const added = await run(['shop', 'add', 'alice', '--profile', 'backup'],
    {input: makeKey('b'), env: {ALTERA_URL: ''}}); // the shop's server is known
  assert.equal(added.stderr, `Connected to Alice's Teas (${ALICE}, profile backup). Commands now use it.\n`);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).shops.backup.shop, ALICE);

  for (const [words, env, letter] of [
    [['shop', 'test'], {}, 'b'],
    [['shop', 'test', 'alice'], {}, 'a'],
    [['shop', 'test', '--profile', 'backup'], {}, 'b'],
    [['shop', 'test', 'alice', '--profile', 'backup'], {}, 'b'],
    [['shop', 'test'], {ALTERA_SHOP: 'alice'}, 'a'],
    [['shop', 'test'], {ALTERA_SHOP: 'alice', ALTERA_PROFILE: 'backup'}, 'b'],
    [['shop', 'test', '--shop', 'alice'], {ALTERA_PROFILE: 'backup'}, 'a'],
    [['shop', 'test'], {ALTERA_API_KEY: makeKey('c')}, 'c'],
    [['shop', 'test'], {ALTERA_API_KEY: makeKey('c'), ALTERA_PROFILE: 'backup'}, 'c'],
    [['shop', 'test', '--profile', 'backup'], {ALTERA_API_KEY: makeKey('c')}, 'b'],
  ]) {
    const {code, stderr} = await run(words, {env: {...env, ALTERA_URL: ''}});
    assert.equal(code, 0, stderr);
    assert.equal(sentKey(), makeKey(letter), JSON.stringify([words, env]));
  }

  const list = (await run(['shop', 'list'], {env: {ALTERA_URL: ''}})).stdout;
  assert.match(list, /^ {3}alice\.myshopify\.com {2,}.*\n\* {2}alice\.myshopify\.com \(backup\)/);
  const unknown = await run(['shop', 'test', '--profile', 'bakcup']);
  assert.equal(unknown.code, 3);
  assert.match(unknown.stderr, /^There is no profile “bakcup”\. Did you mean “backup”\? Add it with:/);
  assert.equal((await run(['shop', 'test', 'bob', '--profile', 'backup'])).code, 2);
  assert.match((await run(['shop', 'use', 'alice'])).stderr, /^Now using Alice's Teas \(alice\.my/);
  assert.match((await run(['shop', 'remove', 'alice'])).stderr, /Now using alice\S+, profile backup\./);
  assert.equal((await run(['shop', 'test', 'alice'])).code, 0);
  assert.equal(sentKey(), makeKey('b'));
});

test('of several profiles one must be named', async (t) => {
  const {run} = await connected(t);
  for (const name of ['one', 'two']) await run(['shop', 'add', 'alice', '--profile', name], {input: KEY});
  await run(['shop', 'remove', 'alice']);
  const {code, stderr} = await run(['shop', 'test', 'alice']);
  assert.equal(code, 2);
  assert.match(stderr, /^Name a profile of alice\.myshopify\.com with --profile: one, two\.\n$/);
});

test('ALTERA_SHOP names the shop where --shop does not', async (t) => {
  const {run} = await connected(t);
  const {code, stderr} = await run(['job', 'list'], {env: {ALTERA_SHOP: 'bob'}});
  assert.equal(code, 3);
  assert.match(stderr, new RegExp(`^No key is saved for ${BOB}`));
});

test('the key is found in what a file or a mail has around it', async (t) => {
  const {run, api} = await connected(t);
  const text = `# the nightly export\nexport ALTERA_API_KEY="${makeKey('z')}" # keep it\n`;
  assert.equal((await run(['shop', 'add', 'alice'], {input: text})).code, 0);
  assert.equal(api.calls.at(-1).headers.authorization, `Bearer ${makeKey('z')}`);
});

test('the folder that a linked shops.json leads to stays as it is', async (t) => {
  const api = await serve(t, {'GET /key': ABOUT_KEY});
  const {run, file} = await person(t, {url: api.url});
  const shared = await folder(t);
  await chmod(shared, 0o1777);
  await writeFile(join(shared, 'real.json'), '{"current": null, "shops": {}}', {mode: 0o600});
  await mkdir(dirname(file), {recursive: true, mode: 0o755});
  await symlink(join(shared, 'real.json'), file);

  assert.equal((await run(['shop', 'add', 'alice'], {input: KEY})).code, 0);

  assert.equal((await stat(shared)).mode & 0o7777, 0o1777);
  assert.equal((await stat(dirname(file))).mode & 0o777, 0o700);
  assert.ok((await lstat(file)).isSymbolicLink());
  assert.equal(JSON.parse(await readFile(join(shared, 'real.json'), 'utf8')).current, ALICE);
});

test('a folder of settings that is a link is not closed to those who share it', async (t) => {
  const api = await serve(t, {'GET /key': ABOUT_KEY});
  const {run, file} = await person(t, {url: api.url});
  const shared = await folder(t);
  await chmod(shared, 0o775);
  await mkdir(dirname(dirname(file)), {recursive: true});
  await symlink(shared, dirname(file));

  assert.equal((await run(['shop', 'add', 'alice'], {input: KEY})).code, 0);
  assert.equal((await stat(shared)).mode & 0o777, 0o775);
  assert.equal((await stat(join(shared, 'shops.json'))).mode & 0o777, 0o600);
});

test('a folder of settings that cannot be made is one sentence, before the key is asked', async (t) => {
  const api = await serve(t, {'GET /key': ABOUT_KEY});
  const {run, home} = await person(t, {url: api.url});
  await writeFile(join(home, 'file'), '');
  for (const place of ['/proc', '/proc/none/such', join(home, 'file')]) {
    const {code, stderr} = await run(['shop', 'add', 'alice'],
      {input: KEY, env: {XDG_CONFIG_HOME: place}});
    assert.equal(code, 1, place);
    assert.match(stderr, /^The settings folder \/\S+\/altera cannot be used \(E\w+\)\. Set XDG_/);
  }
  assert.deepEqual(api.calls, []);
});
