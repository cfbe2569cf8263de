import assert from 'node:assert/strict';
import {test} from 'node:test';

import {connected, problem} from './helpers.js';

const EXPORT = {
  id: 'exp_1', types: ['products', 'pages'], format: 'csv', status: 'completed', rows: 1234,
  error: null, created_at: '2026-10-01T10:00:00Z', finished_at: '2026-10-01T10:01:00Z',
};
const IMPORT = {
  id: 'imp_2', type: 'redirects', status: 'failed', error: 'The file is damaged.',
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
    ['ID', 'KIND', 'TYPES', 'STATUS', 'ROWS', 'CREATED'],
    ['exp_3', 'export', 'products, pages', 'completed', '1,234', later.created_at],
    ['exp_1', 'export', 'products, pages', 'completed', '1,234', EXPORT.created_at],
    ['imp_2', 'import', 'redirects', 'failed', '3', IMPORT.created_at],
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
    ['exp_1', 'export', '4 types', 'failed', EXPORT.created_at]);
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
  assert.match((await run(['job', 'show', 'imp_2'])).stdout,
    /Kind +import \(dry run\)\n.*created +1\nfailed +2\n.*Error +The file is damaged\.\n$/s);
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
