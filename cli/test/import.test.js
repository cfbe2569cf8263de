import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {ABOUT_KEY, connected, folder, problem} from './helpers.js';

const TEXT = 'Path,Target\n/a,/b\n';
const NONE = {created: 0, updated: 0, unchanged: 0, deleted: 0, skipped: 0, failed: 0};
const job = (status, counts = {}, more = {}) => ({
  id: 'imp_1', types: ['redirects'], status, rows: 3, error: null, dry_run: false, warnings: [],
  created_at: '2026-10-01T10:00:00Z', finished_at: null, progress: {done: 1, total: 3},
  counts: {...NONE, ...counts}, ...more,
});
const row = (path, result, comment = '') =>
  ({'Command': 'MERGE', 'Path': path, 'Import Result': result, 'Import Comment': comment});
const results = (rows) => (request, response) => {
  const lines = request.headers.accept === 'application/x-ndjson';
  response.writeHead(200, {'content-type': lines ? 'application/x-ndjson' : 'text/csv'});
  response.end(lines ? rows.map((each) => `${JSON.stringify(each)}\n`).join('') : 'Path,…\n');
};

async function withFile(t, routes, name = 'my-redirects.csv', text = TEXT) {
  const alice = await connected(t, {'POST /imports': job('queued'), ...routes});
  const path = join(await folder(t), name);
  await writeFile(path, text);
  return {...alice, path, create: (...words) => alice.run(['import', 'create', path, ...words])};
}

test('a file is sent as it is and its import followed to the end', async (t) => {
  const {create, api} = await withFile(t, {
    'GET /imports/imp_1': [job('running'), job('completed', {created: 1, unchanged: 2})],
  });

  const {code, stdout, stderr} = await create();

  assert.equal(code, 0, stderr);
  assert.equal(stdout, '');
  assert.equal(stderr, 'Imported: 1 created, 2 unchanged.\n');
  const [{name, query, headers, body}] = api.calls;
  assert.equal(name, 'POST /imports');
  assert.deepEqual(query, {type: 'redirects', name: 'my-redirects.csv', dry_run: 'false'});
  assert.equal(headers['content-type'], 'text/csv');
  assert.equal(headers['content-length'], '18');
  assert.equal(body.toString(), TEXT);
});

test('a large workbook is streamed with its media type; --type goes before the name', async (t) => {
  const large = 'x'.repeat(3_000_000);
  const {create, api} = await withFile(t, {'GET /imports/imp_1': job('completed')},
    'orders.xlsx', large);

  assert.equal((await create('--type', 'Redirects')).code, 0);

  const [{query, headers, body}] = api.calls;
  assert.equal(query.type, 'redirects');
  assert.match(headers['content-type'], /spreadsheetml\.sheet$/);
  assert.equal(body.length, large.length);
});

test('rows that failed end with 5 and are told, the first twenty of them', async (t) => {
  const rows = Array.from({length: 30}, (_, index) =>
    row(`/${index}`, index ? 'failed' : 'created', index ? 'Target\u001b[2J is missing.\nAdd it.' : ''));
  const {create} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {created: 1, failed: 29}),
    'GET /imports/imp_1/results': results(rows),
  });

  const {code, stdout, stderr} = await create();

  assert.equal(code, 5);
  assert.equal(stdout, '');
  assert.match(stderr, /^row 3 {2}failed {2}Path \/1 {2}Target\[2J is missing\.; Add it\.\n/);
  assert.equal(stderr.match(/^row /gm).length, 20);
  assert.match(stderr, /\n… and 9 more\. --results <file> .*\nImported: 1 created, 29 failed\.\n$/);
});

test('rows that met a conflict are not done either', async (t) => {
  const {create, run} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {created: 2, conflict: 1}),
    'GET /imports/imp_1/results': results([row('/a', 'conflict', 'Changed meanwhile.')]),
  });
  const {code, stderr} = await create();
  assert.equal(code, 5);
  assert.equal(stderr, 'row 2  conflict  Path /a  Changed meanwhile.\nImported: 2 created, 1 conflict.\n');
  assert.match((await run(['import', 'show', 'imp_1'])).stdout, /Status +completed, 1 failed\n/);
});

test('--results saves what became of each row', async (t) => {
  const {create, path} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {created: 1}),
    'GET /imports/imp_1/results': results([row('/a', 'created')]),
  });
  const saved = join(path, '..', 'results.csv');

  const {code, stderr} = await create('--results', saved);

  assert.equal(code, 0);
  assert.match(stderr, /Saved the result of each row to .*results\.csv\.\n/);
  assert.equal(await readFile(saved, 'utf8'), 'Path,…\n');
});

test('a dry run prints what would change', async (t) => {
  const {create, api} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {updated: 1, unchanged: 1, failed: 1}, {dry_run: true}),
    'GET /imports/imp_1/results': results([
      row('/a', 'updated', 'Target: /b -> /c'), row('/same', 'unchanged'), row('', 'failed', 'No path.'),
    ]),
  });

  const {code, stdout, stderr} = await create('--dry-run');

  assert.equal(code, 5);
  assert.equal(stdout, 'row 2  updated  Path /a  Target: /b -> /c\nrow 4  failed  No path.\n');
  assert.match(stderr, /Dry run, nothing was changed: 1 updated, 1 unchanged, 1 failed\.\n$/);
  assert.equal(api.calls[0].query.dry_run, 'true');
});

test('what the server warns of is told', async (t) => {
  const {create} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {created: 1}, {warnings: ['The column Colour is unknown.']}),
  });
  const {code, stderr} = await create();
  assert.equal(code, 0);
  assert.equal(stderr, 'Warning: The column Colour is unknown.\nImported: 1 created.\n');
});

test('--json prints the finished import, and only that', async (t) => {
  const {create} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {failed: 1}, {dry_run: true}),
    'GET /imports/imp_1/results': results([row('/a', 'failed', 'No.')]),
  });
  for (const words of [['--json'], ['--json', '--dry-run']]) {
    const {code, stdout} = await create(...words);
    assert.equal(code, 5);
    assert.equal(JSON.parse(stdout).counts.failed, 1);
  }
});

test('an import that fails ends with 1 and says why', async (t) => {
  const {create} = await withFile(t, {
    'GET /imports/imp_1': job('failed', {}, {error: 'ALYS006: a product export.'}),
  });
  const {code, stderr} = await create();
  assert.equal(code, 1);
  assert.match(stderr, /The import imp_1 failed: ALYS006: a product export\.\n$/);
});

test('a permission that is missing ends with 4', async (t) => {
  const {create} = await withFile(t, {
    'POST /imports': problem(403, 'permission_missing', 'Tick Redirects: import.'),
  });
  assert.deepEqual(await create(), {code: 4, stdout: '', stderr: 'Tick Redirects: import.\n'});
});

test('a server that hangs up on a large file is asked whether the key is the reason', async (t) => {
  const hangUp = (request) => request.socket.destroy();
  const {create, api} = await withFile(t, {'POST /imports': hangUp});
  const reached = await create();
  assert.equal(reached.code, 1);
  assert.match(reached.stderr, /^Cannot reach /);

  api.routes['GET /key'] = {...ABOUT_KEY, permissions: {export: ['redirects'], import: []}};
  const unticked = await create();
  assert.equal(unticked.code, 4);
  assert.match(unticked.stderr, /^Key “Nightly backup” may not import redirects\. Tick it under/);

  api.routes['GET /key'] = problem(401, 'key_invalid', 'This key does not work.');
  assert.equal((await create()).code, 3);
});

test('what is typed wrong ends with 2 before any request', async (t) => {
  const {run, api, path} = await withFile(t, {});
  const named = (name) => {
    const file = join(path, '..', name);
    writeFileSync(file, TEXT);
    return file;
  };
  for (const [words, sentence] of [
    [[], /^Usage: altera import create <file>\.\.\.\n$/],
    [[path, '-'], /Standard input cannot be one of several files/],
    [[path, named('store.xlsx')], /store\.xlsx may hold several sheets already\. Import it alone/],
    [[path, named('a.csv')], /The name a\.csv does not say which data type it holds/],
    [[path, path, '--type', 'redirects'], /--type is for one file/],
    [[named('export.csv')], /The name export\.csv does not say which data type it holds\. Add --type/],
    [[named('redirects.txt')], /not a \.csv, \.xlsx, \.zip or \.jsonl file/],
    [[named('redirects')], /not a \.csv, \.xlsx, \.zip or \.jsonl file/],
    [[named('redirects.xls')], /old Excel workbook \(\.xls\)\. Open it and save it as \.xlsx/],
    [['redirects.xls'], /There is no file redirects\.xls\./],
    [['redirects'], /There is no file redirects\./],
    [[join(path, '..')], /is a folder/],
    [['-'], /Standard input does not say which data type it holds\. Add --type/],
    [[path, '--results', 'r.xlsx'], /makes a \.csv or \.jsonl or \.zip file/],
    [[path, '--no-wait', '--results', 'r.csv'], /--no-wait does not save results/],
    [['no/redirects.csv'], /There is no file no\/redirects\.csv\./],
    [[named('events.csv')], /can only be exported/],
    [[path, '--type', 'redirect_s'], /no data type/],
    [[path, '--results', '/'], /is a folder/],
    [[path, '--fromat', 'csv'], /There is no option --fromat\. See: altera import create --help/],
    [[path, '--dryrun'], /There is no option --dryrun\. Did you mean “--dry-run”\?/],
    [[path, '--type'], /--type/],
  ]) {
    const {code, stderr} = await run(['import', 'create', ...words]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
  assert.deepEqual(api.calls, []);
});

test('several files are sent as one zip, those of one name in folders of their own', async (t) => {
  const {run, api} = await withFile(t, {'GET /imports/imp_1': job('completed', {created: 3})});
  const files = await Promise.all(['redirects.csv', 'pages.csv', 'redirects.csv'].map(async (name, place) => {
    const file = join(await folder(t), name);
    await writeFile(file, `Handle ${place} é\n`.repeat(1 + place * 20_000));
    return file;
  }));

  const {code, stderr} = await run(['import', 'create', ...files]);

  assert.equal(code, 0, stderr);
  const [{query, headers, body}] = api.calls;
  assert.deepEqual(query, {name: 'import.zip', dry_run: 'false'});
  assert.equal(headers['content-type'], 'application/zip');
  assert.equal(headers['content-length'], String(body.length));
  const python = 'import io, json, sys, zipfile; z = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())); ' +
    'z.testzip(); print(json.dumps([[n, z.read(n).decode()] for n in z.namelist()]))';
  const listed = JSON.parse(execFileSync('python3', ['-c', python], {input: body, maxBuffer: 1e7}));
  assert.deepEqual(listed.map(([name]) => name), ['redirects.csv', 'pages.csv', '3/redirects.csv']);
  assert.deepEqual(listed.map(([, text]) => text), await Promise.all(files.map((file) => readFile(file, 'utf8'))));
});

test('a workbook, a zip and objects go by their names; of a workbook the server tells the types', async (t) => {
  for (const [name, query, type] of [
    ['store.xlsx', {name: 'store.xlsx'}, /spreadsheetml/],
    ['redirects.zip', {name: 'redirects.zip'}, /^application\/zip$/],
    ['redirects.jsonl', {type: 'redirects', name: 'redirects.jsonl'}, /^application\/x-ndjson$/],
  ]) {
    const {create, api} = await withFile(t, {'GET /imports/imp_1': job('completed')}, name);
    assert.equal((await create()).code, 0);
    assert.deepEqual(api.calls[0].query, {...query, dry_run: 'false'});
    assert.match(api.calls[0].headers['content-type'], type);
  }
});

test('results of several sheets are a zip, and rows are told with their sheet', async (t) => {
  const sheets = ['Redirects', 'Pages'].map((name) => ({name, type: name.toLowerCase(), rows: 1}));
  const failed = row('/a', 'failed', 'No.');
  const {create} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {failed: 1}, {sheets}),
    'GET /imports/imp_1/results': results([{'Import Sheet': 'Redirects', 'Import Row': 7, ...failed}]),
  }, 'store.xlsx');
  const place = await folder(t);
  const {code, stderr} = await create('--results', join(place, 'what.csv'));
  assert.equal(code, 5);
  assert.match(stderr, /Redirects, row 7 {2}failed {2}Path \/a {2}No\./);
  assert.match(stderr, /Saved the result of each row to .*what\.zip/);
  assert.ok((await readFile(join(place, 'what.zip'))).length);
});

test('standard input is sent as it comes, with the type that is named', async (t) => {
  const {run, api} = await withFile(t, {'GET /imports/imp_1': job('completed', {created: 1})});
  const {code, stderr} = await run(['import', 'create', '-', '--type', 'redirects'], {input: TEXT});
  assert.equal(code, 0, stderr);
  const [{query, headers, body}] = api.calls;
  assert.equal(query.type, 'redirects');
  assert.equal(body.toString(), TEXT);
  assert.equal(headers['content-length'], undefined);
});

test('--no-wait prints the ID of the import', async (t) => {
  const {create, api} = await withFile(t, {});
  const {code, stdout, stderr} = await create('--no-wait');
  assert.deepEqual([code, stdout], [0, 'imp_1\n']);
  assert.match(stderr, /altera import show imp_1\n$/);
  assert.deepEqual(api.names(), ['POST /imports']);
});

test('what the API finds wrong in the words is typed wrong; in the file it is not', async (t) => {
  const refused = (field) => (request, response) => {
    response.writeHead(422, {'content-type': 'application/problem+json'});
    response.end(JSON.stringify({
      status: 422, code: 'invalid', detail: 'No.', errors: [{field, detail: 'No.'}]}));
  };
  const {create} = await withFile(t, {'POST /imports': [refused('type'), refused('file')]});
  assert.deepEqual(await create(), {code: 2, stdout: '', stderr: 'No.\n'});
  assert.deepEqual(await create(), {code: 1, stdout: '', stderr: 'No.\n'});
});

test('with --json a refusal is the problem of the API, whole', async (t) => {
  const {create} = await withFile(t, {
    'POST /imports': problem(403, 'permission_missing', 'Tick it \u001b[2J.'),
  });
  const {code, stdout, stderr} = await create('--json');
  assert.deepEqual([code, stdout], [4, '']);
  assert.deepEqual(JSON.parse(stderr), {
    type: 'about:blank', title: 'No', status: 403, code: 'permission_missing',
    detail: 'Tick it \u001b[2J.',
  });
  assert.doesNotMatch(stderr, /\u001b/);
});

test('import results prints each row, or saves them', async (t) => {
  const {run, api} = await withFile(t, {
    'GET /imports/imp_1': job('completed'),
    'GET /imports/imp_1/results': results([
      row('/a', 'created'), row('/b', 'failed', 'No.\u2028imp_1 done'), row('/c', 'failed')]),
  });
  const place = await folder(t);

  assert.equal((await run(['import', 'results', 'imp_1'])).stdout,
    'row 2  created  Path /a\nrow 3  failed  Path /b  No.; imp_1 done\nrow 4  failed  Path /c\n');
  assert.equal((await run(['import', 'results', 'imp_1', '--failed'])).stdout.match(/^row/gm).length, 2);
  const lines = (await run(['import', 'results', 'imp_1', '--json'])).stdout.trim().split('\n');
  assert.deepEqual(lines.map((line) => JSON.parse(line).Path), ['/a', '/b', '/c']);

  assert.equal((await run(['import', 'results', 'imp_1', '-o', '-'])).stdout, 'Path,…\n');
  const saved = join(place, 'failed.csv');
  assert.equal((await run(['import', 'results', 'imp_1', '--failed', '-o', saved])).code, 0);
  assert.equal(await readFile(saved, 'utf8'), 'Path,…\n');
  assert.deepEqual(api.calls.at(-1).query, {only: 'failed'});
  await run(['import', 'results', 'imp_1', '-o', join(place, 'all.jsonl')]);
  assert.equal(api.calls.at(-1).headers.accept, 'application/x-ndjson');
  assert.equal((await run(['import', 'results', 'exp_1'])).code, 2);
  assert.equal((await run(['import', 'results', 'imp_1', '-o', 'a.pdf'])).code, 2);
});
