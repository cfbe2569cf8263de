import assert from 'node:assert/strict';
import {test} from 'node:test';

import {fullTime, localTime} from '../src/text.js';
import {connected, problem} from './helpers.js';

const EXPORT = {
  id: 'exp_1', types: ['products', 'pages'], format: 'csv', status: 'completed', rows: 1234,
  error: null, created_at: '2026-10-01T10:00:00Z', finished_at: '2026-10-01T10:01:00Z',
};
const IMPORT = {
  id: 'imp_2', types: ['redirects'], status: 'failed', error: 'The file is damaged.',
  created_at: '2026-10-01T12:00:00+02:30', finished_at: '2026-10-01T10:00:01Z',
  progress: {done: 3, total: 3}, counts: {created: 1, failed: 2}, dry_run: true,
};

test('job list shows exports and imports together, the newest first', async (t) => {
  const later = {...EXPORT, id: 'exp_3', created_at: '2026-10-02T00:00:00Z'};
  const {run} = await connected(t, {
    'GET /exports': {exports: [later, EXPORT]}, 'GET /imports': {imports: [IMPORT]},
  });

  const {code, stdout} = await run(['job', 'list']);

  assert.equal(code, 0);
  assert.deepEqual(stdout.trim().split('\n').map((line) => line.split(/ {2,}/)), [
    ['ID', 'JOB', 'STATUS', 'CREATED', 'ROWS'],
    ['exp_3', 'export products, pages', 'completed', localTime(later.created_at), '1,234'],
    ['exp_1', 'export products, pages', 'completed', localTime(EXPORT.created_at), '1,234'],
    ['imp_2', 'dry run redirects', 'failed', localTime(IMPORT.created_at), '3'],
  ]);
  assert.deepEqual(JSON.parse((await run(['job', 'list', '--json'])).stdout),
    {exports: [later, EXPORT], imports: [IMPORT]});
});

test('many types are a number, and an export without a file has no rows', async (t) => {
  const types = ['products', 'pages', 'menus', 'files'];
  const failed = {...EXPORT, types, rows: null, progress: {done: 7, total: 9}, status: 'failed'};
  const {run} = await connected(t, {
    'GET /exports': {exports: [failed]}, 'GET /imports': {imports: []},
    'GET /exports/exp_1': failed,
  });
  const [, line] = (await run(['job', 'list'])).stdout.trim().split('\n');
  assert.deepEqual(line.split(/ {2,}/),
    ['exp_1', 'export 4 types', 'failed', localTime(EXPORT.created_at)]);
  assert.match((await run(['job', 'show', 'exp_1'])).stdout, /products, pages, menus, files/);
});

test('a list is told whole or not at all', async (t) => {
  const {run, api} = await connected(t, {
    'GET /exports': {exports: [EXPORT]}, 'GET /imports': problem(500, 'internal', 'Broken.'),
  });
  assert.deepEqual(await run(['job', 'list']), {code: 1, stdout: '', stderr: 'Broken.\n'});
  api.routes['GET /imports'] = problem(403, 'plan_without_api', 'Change the plan.');
  assert.equal((await run(['job', 'list'])).code, 4);
});

test('without jobs there is a sentence, and no result', async (t) => {
  const {run} = await connected(t, {'GET /exports': {exports: []}, 'GET /imports': {imports: []}});
  assert.deepEqual(await run(['job', 'list']),
    {code: 0, stdout: '', stderr: 'There are no exports or imports yet.\n'});
});

test('job show tells how a job stands', async (t) => {
  const {run} = await connected(t, {'GET /exports/exp_1': EXPORT, 'GET /imports/imp_2': IMPORT});
  assert.match((await run(['job', 'show', 'exp_1'])).stdout,
    /ID +exp_1\nKind +export\nTypes +products, pages\nFormat +csv\nStatus +completed\nRows +1,234\n/);
  assert.deepEqual(await run(['export', 'show', 'exp_1']), await run(['job', 'show', 'exp_1']));
  assert.deepEqual(await run(['import', 'show', 'imp_2']), await run(['job', 'show', 'imp_2']));
  assert.equal((await run(['import', 'show', 'exp_1'])).code, 2);
  assert.match((await run(['job', 'show', 'imp_2'])).stdout,
    /Kind +import \(dry run\)\n.*created +1\n +failed +2\n.*Error +The file is damaged\.\n/s);
  assert.deepEqual(JSON.parse((await run(['job', 'show', 'imp_2', '--json'])).stdout), IMPORT);
});

test('job cancel stops either kind', async (t) => {
  const {run, api} = await connected(t, {
    'DELETE /exports/exp_1': {...EXPORT, status: 'canceled'},
    'DELETE /imports/imp_2': {...IMPORT, status: 'canceled'},
  });
  assert.deepEqual(await run(['job', 'cancel', 'exp_1']),
    {code: 0, stdout: '', stderr: 'Canceled export exp_1.\n'});
  assert.equal(JSON.parse((await run(['job', 'cancel', 'imp_2', '--json'])).stdout).status, 'canceled');
  assert.deepEqual(api.names(), ['DELETE /exports/exp_1', 'DELETE /imports/imp_2']);
});

test('what is over already is not called canceled', async (t) => {
  const {run} = await connected(t, {'DELETE /exports/exp_1': EXPORT});
  assert.deepEqual(await run(['job', 'cancel', 'exp_1']), {
    code: 1, stdout: '', stderr: 'Nothing was canceled: the export exp_1 is completed already.\n',
  });
});

test('a job of another shop is not found; a word that is no ID ends with 2', async (t) => {
  const {run, api} = await connected(t, {
    'GET /exports/exp_9': problem(404, 'not_found', 'There is no such export.'),
  });
  assert.deepEqual(await run(['job', 'show', 'exp_9']),
    {code: 1, stdout: '', stderr: 'There is no such export.\n'});
  api.calls.length = 0;
  for (const id of ['7', 'exp_', 'exp_../key', 'EXP_1', 'exports/1']) {
    assert.equal((await run(['job', 'cancel', id])).code, 2);
  }
  assert.deepEqual(api.calls, []);
});

test('job list tells the rows that failed, in a table that fits 80 columns', async (t) => {
  const done = {
    ...IMPORT, id: 'imp_d4gqfqyGNS8l8UWuw5y0', types: ['metafield_definitions'], status: 'completed',
    counts: {created: 1, failed: 2_000}, rows: 123_456, progress: {done: 123_456},
  };
  const {run} = await connected(t, {
    'GET /exports': {exports: [EXPORT]}, 'GET /imports': {imports: [done, IMPORT]},
  });
  const tty = {tty: true, columns: 80, env: {NO_COLOR: '1'}};
  const {stdout} = await run(['job', 'list'], tty);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.match(stdout, /imp_d4gqfqyGNS8l8UWuw5y0 {2}dry run .*… {2}completed, 2,000 failed {2}\w{3} \d\d /);
  const wide = (await run(['job', 'list'], {...tty, columns: 120})).stdout;
  assert.match(wide, /dry run metafield_definitions {2}completed, 2,000 failed .* 123,456\n/);
  const coloured = await run(['job', 'list'], {tty: true, env: {TERM: 'xterm'}});
  assert.match(coloured.stdout, /\u001b\[31mcompleted, 2,000 failed\u001b\[0m/);
});

test('job list takes a number and a status', async (t) => {
  const exports = Array.from({length: 30}, (_, number) => ({
    ...EXPORT, id: `exp_${number}`, status: number % 3 ? 'completed' : 'failed',
    created_at: new Date(Date.UTC(2026, 0, 1, 0, 30 - number)).toISOString(),
  }));
  const {run} = await connected(t, {'GET /exports': {exports}, 'GET /imports': {imports: [IMPORT]}});
  const ids = ({stdout}) => stdout.split('\n').slice(1, -1).map((line) => line.split(' ')[0]);

  const all = await run(['job', 'list']);
  assert.equal(ids(all).length, 20);
  assert.equal(all.stderr, '… and 11 more. List them with --limit 31.\n');
  assert.equal(ids(await run(['job', 'list', '--limit', '31'])).length, 31);
  assert.deepEqual(ids(await run(['job', 'list', '--limit', '2'])), ['imp_2', 'exp_0']);
  assert.deepEqual(ids(await run(['job', 'list', '--status', 'failed', '--limit', '3'])),
    ['imp_2', 'exp_0', 'exp_3']);
  assert.equal(ids(await run(['job', 'list', '--status', 'failed,completed', '--limit', '99'])).length, 31);
  const json = JSON.parse((await run(['job', 'list', '--json', '--limit', '1'])).stdout);
  assert.deepEqual(json, {exports: [], imports: [IMPORT]});
  assert.equal(JSON.parse((await run(['job', 'list', '--json'])).stdout).exports.length, 30);
  assert.equal((await run(['job', 'list', '--status', 'queued'])).stderr, 'No export or import is queued.\n');
});

test('times are those of the reader', () => {
  const [zone, now] = [process.env.TZ, new Date('2026-12-01T00:00:00Z')];
  try {
    process.env.TZ = 'Asia/Tokyo';
    assert.equal(localTime('2026-11-29T15:08:00Z', now), 'Nov 30 00:08');
    assert.equal(localTime('2025-11-29T15:08:00Z', now), 'Nov 30  2025');
    assert.match(fullTime('2026-11-29T15:08:09Z'), /^30 Nov 2026, 00:08:09 \S+$/);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});
