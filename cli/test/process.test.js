/** The program as a process: signals, pipes, a real terminal, the packed package. */
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {cp, open, readFile, readdir, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {ABOUT_KEY, ALICE, KEY, PLANNING, folder, makeKey, person, problem, serve} from './helpers.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = here('../bin/altera.js');
const RUNNING = {
  id: 'exp_1', types: ['products'], file: 'products.csv', status: 'running', progress: {done: 1},
};

/** Run a command to its end: {code, stdout, stderr}. */
async function end(child) {
  const out = [[], []];
  [child.stdout, child.stderr].forEach((stream, index) =>
    stream.on('data', (chunk) => out[index].push(chunk)));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return {code, stdout: Buffer.concat(out[0]).toString(), stderr: Buffer.concat(out[1]).toString()};
}

async function alone(t, routes) {
  const api = await serve(t, {'GET /key': ABOUT_KEY, ...routes});
  const {home, file} = await person(t);
  const env = {PATH: process.env.PATH, HOME: home, ALTERA_URL: api.url, TERM: 'xterm'};
  return {api, file, env};
}

const inTerminal = (steps, words, env) => end(spawn('python3',
  ['-IS', here('terminal.py'), JSON.stringify(steps), process.execPath, PROGRAM, ...words], {env}));

test('at a terminal the key is asked for and stays hidden', async (t) => {
  const {env, file} = await alone(t);

  const {code, stdout} = await inTerminal([['hidden): ', `${KEY}\r`]], ['shop', 'add', 'alice'], env);

  assert.equal(code, 0);
  assert.match(stdout, /^API key for alice\.myshopify\.com \(hidden\): \r\nConnected to/);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).shops[ALICE].key, KEY);
  assert.ok(!stdout.includes(KEY.slice(0, 10)));
});

test('Ctrl-C at the prompt ends with 130 and keeps nothing', async (t) => {
  const {env, api, file} = await alone(t);

  const {code, stdout} = await inTerminal(
    [['hidden): ', `${KEY}\u0003`]], ['shop', 'add', 'alice'], env);

  assert.equal(code, 130);
  assert.match(stdout, /hidden\): \r\n$/);
  assert.deepEqual(api.calls, []);
  await assert.rejects(readFile(file), {code: 'ENOENT'});
});

test('after a wrong paste the key is asked for again; backspace, clearing the line and a bracketed paste work', async (t) => {
  const {env, file} = await alone(t);
  const [begin, rest] = [KEY.slice(0, 20), KEY.slice(20)];
  const typed = `${makeKey('b')}\u0015"${begin}xy\u007f\u007f\u001b[200~${rest}"\u001b[201~\r`;
  const steps = ['altera_oops\r', typed, '\u0003'].map((line) => ['hidden): ', line]);
  const {code, stdout} = await inTerminal(steps, ['shop', 'add', 'alice'], env);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /not a complete Altera key[^]*Paste it again[^]*hidden\): \r\nConnected to/);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).shops[ALICE].key, KEY);
});

test('an end of input at the prompt is no key', async (t) => {
  const {env} = await alone(t);
  const {code} = await inTerminal([['hidden): ', '\u0004']], ['shop', 'add', 'alice'], env);
  assert.equal(code, 3);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} cancels the running export and leaves no file`, async (t) => {
    const place = await folder(t);
    let child;
    const {env, api} = await alone(t, {
      'POST /exports': RUNNING,
      'GET /exports/exp_1': (request, response) => {
        child.kill(signal);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(RUNNING));
      },
      'DELETE /exports/exp_1': {...RUNNING, status: 'canceled'},
    });
    child = spawn(PROGRAM, ['export', 'create', 'products'],
      {cwd: place, env: {...env, ALTERA_API_KEY: KEY}});

    const {code, stdout, stderr} = await end(child);

    assert.equal(code, 130);
    assert.equal(stdout, '');
    assert.equal(stderr, 'Canceled export exp_1.\n');
    assert.equal(api.names().at(-1), 'DELETE /exports/exp_1');
    assert.deepEqual(await readdir(place), []);
  });
}

test('a pipe that stays open does not keep the program once it is refused or interrupted', async (t) => {
  const {env, api} = await alone(t);
  const server = createServer((request, response) => { // answers before it has the file
    problem(403, 'permission_missing', 'Tick it.')(request, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  for (const [url, interrupted, expected] of [
    [`http://127.0.0.1:${server.address().port}`, false, 4], [api.url, true, 130],
  ]) {
    const child = spawn(PROGRAM, ['import', 'create', '-', '--type', 'redirects'],
      {env: {...env, ALTERA_URL: url, ALTERA_API_KEY: KEY}});
    child.stdin.on('error', () => {});
    child.stdin.write('Path,Target\n');
    const hanging = setTimeout(() => child.kill('SIGKILL'), 20_000);
    if (interrupted) setTimeout(() => child.kill('SIGINT'), 2000);
    const {code, stderr} = await end(child);
    clearTimeout(hanging);
    assert.equal(code, expected, stderr);
  }
});

test('Ctrl-C says when the job goes on', async (t) => {
  let child;
  const {env} = await alone(t, {
    'POST /exports': (request, response) => {
      child.kill('SIGINT');
      response.setHeader('content-type', 'application/json');
      setTimeout(() => response.end(JSON.stringify(RUNNING)), 50);
    },
    'DELETE /exports/exp_1': problem(503, 'shopify_unavailable', 'Shopify is away.'),
  });
  child = spawn(PROGRAM, ['export', 'create', 'products', '--output', '-'],
    {env: {...env, ALTERA_API_KEY: KEY}});
  const {code, stderr} = await end(child);
  assert.equal(code, 130);
  assert.equal(stderr, 'The export exp_1 is still running: Shopify is away.\n');
});

test('Ctrl-C during a download leaves no half file', async (t) => {
  const place = await folder(t);
  let child;
  const {env} = await alone(t, {
    'POST /exports': {...RUNNING, status: 'completed'},
    'GET /exports/exp_1/file': (request, response) => {
      response.write('half', () => setTimeout(() => child.kill('SIGINT'), 100));
    },
  });
  child = spawn(PROGRAM, ['export', 'create', 'products'],
    {cwd: place, env: {...env, ALTERA_API_KEY: KEY}});
  const {code} = await end(child);
  assert.equal(code, 130);
  assert.deepEqual(await readdir(place), []);
});

test('a reader that stops reading ends the program without noise', async (t) => {
  const {env} = await alone(t, {
    'POST /exports': {...RUNNING, status: 'completed'},
    'GET /exports/exp_1/file': (request, response) => response.end('a,b\n'.repeat(500_000)),
  });
  const child = spawn(PROGRAM, ['export', 'create', 'products', '--output', '-'],
    {env: {...env, ALTERA_API_KEY: KEY}});
  child.stdout.once('data', () => child.stdout.destroy());
  const [code, stderr] = await Promise.all([
    new Promise((resolve) => child.on('close', resolve)), child.stderr.toArray()]);
  assert.equal(code, 1);
  assert.equal(Buffer.concat(stderr).toString(), '');
});

test('a disk that is full ends the program with one sentence', async (t) => {
  const {env} = await alone(t, {
    'POST /exports': {...RUNNING, status: 'completed'},
    'GET /exports/exp_1/file': (request, response) => response.end('a,b\n'),
  });
  const full = await open('/dev/full', 'w');
  const child = spawn(PROGRAM, ['export', 'create', 'products', '--output', '-'],
    {env: {...env, ALTERA_API_KEY: KEY}, stdio: ['ignore', full.fd, 'pipe']});
  const [code, stderr] = await Promise.all([
    new Promise((resolve) => child.on('close', resolve)), child.stderr.toArray()]);
  await full.close();
  assert.equal(code, 1);
  assert.match(Buffer.concat(stderr).toString(), /^ENOSPC: no space left on device, write\.\n$/);
});

test('a server that is not there ends with 1 and one sentence', async (t) => {
  const {env} = await alone(t);
  const {code, stderr} = await end(spawn(PROGRAM, ['shop', 'test', '--url', 'http://localhost:9'],
    {env: {...env, ALTERA_API_KEY: KEY}}));
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot reach http:\/\/localhost:9 \(.+\)\. .*\n$/);
});

test('the server of the build is the one to speak to where no other is named', async (t) => {
  const {env, api} = await alone(t);
  const place = await folder(t);
  for (const part of ['bin', 'src']) {
    await cp(here(`../${part}`), join(place, part), {recursive: true});
  }
  const about = JSON.parse(await readFile(here('../package.json'), 'utf8'));
  await writeFile(join(place, 'package.json'), // as `npm pkg set altera.server=…` writes it
    JSON.stringify({...about, altera: {...about.altera, server: api.url}}));
  const child = spawn(process.execPath, [join(place, 'bin/altera.js'), 'shop', 'test'],
    {env: {...env, ALTERA_URL: '', ALTERA_API_KEY: KEY}});
  const {code, stderr} = await end(child);
  assert.equal(code, 0, stderr);
  assert.deepEqual(api.names(), ['GET /key']);
});

test('at a terminal the plan is shown, and deletes are confirmed by typing their number', async (t) => {
  const {env, api} = await alone(t, PLANNING);
  const file = join(env.HOME, 'redirects.csv');
  await writeFile(file, 'Path,Command\n/a,DELETE\n');
  const words = ['import', 'create', file];
  const setting = {...env, ALTERA_API_KEY: KEY, ALTERA_SHOP: ALICE};

  const typed = await inTerminal([['to confirm: ', '42\r']], words, setting);

  assert.equal(typed.code, 0, typed.stdout);
  assert.match(typed.stdout, /Deletes[^]*row 2 {2}\/a[^]*42 objects deleted\. Type 42 to confirm: /);
  assert.match(typed.stdout, /Imported: 42 deleted\./);
  assert.equal(api.calls.find(({name}) => name === 'POST /imports').query.dry_run, 'true');
  assert.deepEqual(JSON.parse(api.calls.at(-1).body), {accept: {deletes: 42}});

  api.calls.length = 0;
  const interrupted = await inTerminal([['to confirm: ', '\u0003']], words, setting);
  assert.equal(interrupted.code, 130, interrupted.stdout);
  assert.ok(!api.names().includes('POST /imports/imp_1/apply'));
});
