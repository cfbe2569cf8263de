import assert from 'node:assert/strict';
import {mkdir, readFile, readdir, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {connected, folder, problem} from './helpers.js';

const ROWS = '\ufeffHandle,Title\ntea,Tea\ncup,Cup\n';
const job = (status, more = {}) => ({
  id: 'exp_1', types: ['products'], format: 'csv', status, rows: status === 'completed' ? 2 : null,
  error: null, warnings: [], file: status === 'completed' ? 'products.csv' : null, created_at: '2026-10-01T10:00:00Z', finished_at: null,
  progress: {done: status === 'queued' ? 0 : 2, total: null}, ...more,
});
const file = (text, headers = {}) => (request, response) => {
  response.writeHead(200, {'content-type': 'text/csv', ...headers});
  response.end(text);
};
/** Answers with the first part of the text and hangs up. */
const cut = (text, headers = {}) => (request, response) => {
  response.writeHead(200, {'content-type': 'text/csv', 'content-length': text.length, ...headers});
  response.write(text.slice(0, 8), () => setTimeout(() => response.destroy(), 20));
};
const routes = () => ({
  'POST /exports': job('queued'),
  'GET /exports/exp_1': [job('running'), job('completed')],
  'GET /exports/exp_1/file': file(ROWS),
});
const sent = (api) => JSON.parse(api.calls.find(({name}) => name === 'POST /exports').body);

test('an export is started, followed and saved whole', async (t) => {
  const {run, api} = await connected(t, routes());
  const to = join(await folder(t), 'tea.csv');

  const {code, stdout, stderr} = await run(['export', 'create', 'products', '--output', to]);

  assert.equal(code, 0, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^Saved 2 rows to .*tea\.csv \(32 bytes\)\.\n$/);
  assert.equal(await readFile(to, 'utf8'), ROWS);
  assert.deepEqual(await readdir(join(to, '..')), ['tea.csv']);
  assert.deepEqual(sent(api), {types: ['products'], format: 'csv', filters: {}});
  assert.deepEqual(api.names(), [
    'POST /exports', 'GET /exports/exp_1', 'GET /exports/exp_1', 'GET /exports/exp_1/file']);
});

test('the file of before is replaced, through a link too', async (t) => {
  const {run} = await connected(t, routes());
  const place = await folder(t);
  await writeFile(join(place, 'real.csv'), 'old');
  await symlink('real.csv', join(place, 'link.csv'));

  assert.equal((await run(['export', 'create', 'products', '--output', join(place, 'link.csv')])).code, 0);

  assert.equal(await readFile(join(place, 'real.csv'), 'utf8'), ROWS);
  assert.deepEqual((await readdir(place)).sort(), ['link.csv', 'real.csv']);
});

test('a file that only its user could read stays so', async (t) => {
  const {run} = await connected(t, routes());
  const to = join(await folder(t), 'customers.csv');
  await writeFile(to, 'old', {mode: 0o600});

  assert.equal((await run(['export', 'create', 'products', '--output', to])).code, 0);

  assert.equal((await stat(to)).mode & 0o777, 0o600);
  assert.equal(await readFile(to, 'utf8'), ROWS);
});

test('a new file is readable by its user alone, unless it is to be shared', async (t) => {
  const {run, api} = await connected(t, routes());
  const place = await folder(t);
  const mode = async (name) => (await stat(join(place, name))).mode & 0o777;

  await run(['export', 'create', 'customers', '-o', join(place, 'mine.csv')]);
  assert.equal(await mode('mine.csv'), 0o600);
  await run(['export', 'create', 'products', '-o', join(place, 'ours.csv'), '--shared']);
  assert.equal(await mode('ours.csv'), 0o666 & ~process.umask());
  assert.equal((await run(['export', 'download', 'exp_1', '-o', join(place, 'b.csv')])).code, 0);
  assert.equal(await mode('b.csv'), 0o600);
  assert.ok(api.calls.length);
});

test('--no-wait prints the ID and ends', async (t) => {
  const {run, api} = await connected(t, routes());
  const {code, stdout, stderr} = await run(['export', 'create', 'products', '--no-wait']);
  assert.deepEqual([code, stdout], [0, 'exp_1\n']);
  assert.match(stderr, /altera export download exp_1\n$/);
  assert.deepEqual(api.names(), ['POST /exports']);
  const json = await run(['export', 'create', 'products', '--no-wait', '--json', '--quiet']);
  assert.deepEqual([JSON.parse(json.stdout), json.stderr], [job('queued'), '']);
});

test('--quiet leaves warnings, and no other message', async (t) => {
  const whole = job('completed', {warnings: ['Left out: Email.']});
  const {run} = await connected(t, {...routes(), 'GET /exports/exp_1': [job('running'), whole]});
  const to = join(await folder(t), 'a.csv');
  const words = ['export', 'create', 'products', '-q', '-o', to];
  const {stdout, stderr} = await run(words, {tty: true, env: {NO_COLOR: '1'}});
  assert.deepEqual([stdout, stderr], ['', 'Warning: Left out: Email.\n']);
});

test('a download tells its total', async (t) => {
  const text = `"Handle","Title"\n${'"tea","a\nb"\n'.repeat(5000)}`;
  const half = text.length >> 1;
  const slowly = (headers) => (request, response) => {
    response.writeHead(200, headers);
    response.write(text.slice(0, half), () => setTimeout(() => response.end(text.slice(half)), 50));
  };
  for (const [more, headers, shown] of [
    [{rows: 5000}, {}, /\] 2,\d{3} of 5,000 rows, \d/],
    [{rows: 5000, file: 'export.zip'}, {}, /Downloading 5,000 rows: \d+\.\d KB/],
    [{rows: 9, format: 'jsonl', file: 'products.jsonl', progress: {done: 20_000, total: 20_000}}, {},
      /\] [45],\d{3} of 20,000 rows/],
    [{}, {'content-length': text.length}, /\] \d+\.\d KB of 60\.0 KB/],
  ]) {
    const {run} = await connected(t, {
      ...routes(), 'GET /exports/exp_1': job('completed', more),
      'GET /exports/exp_1/file': slowly(headers),
    });
    const to = join(await folder(t), 'a');
    const {stderr, code} = await run(['export', 'download', 'exp_1', '-o', to], {tty: true, columns: 80});
    assert.equal(code, 0, stderr);
    assert.match(stderr, shown);
  }
});

test('with --output - nothing but the data appears once it comes', async (t) => {
  const {run} = await connected(t, {...routes(), 'GET /exports/exp_1': job('completed')});
  for (const words of [['create', 'products'], ['download', 'exp_1']]) {
    const {stdout, stderr} = await run(['export', ...words, '-o', '-'], {tty: true, stdoutTty: false});
    assert.equal(stdout, ROWS);
    assert.doesNotMatch(stderr, /Downloading|bytes|rows/);
  }
});

test('the bar is never full while the job goes on', async (t) => {
  const {run} = await connected(t, {
    ...routes(),
    'GET /exports/exp_1': [job('running', {progress: {done: 4, total: 4}}), job('completed')],
  });
  const to = join(await folder(t), 'a.csv');
  const {stderr} = await run(['export', 'create', 'products', '-o', to], {tty: true, columns: 80});
  assert.doesNotMatch(stderr, /\[#{16}\]/);
  assert.match(stderr, /Exporting products: 4 of 4 objects/);
});

test('the bar says that Shopify answers with errors', async (t) => {
  const warnings = ['Shopify answers with errors, trying again.'];
  const {run} = await connected(t, {
    ...routes(),
    'GET /exports/exp_1': [job('running', {warnings}), job('running'), job('completed')],
  });
  const to = join(await folder(t), 'a.csv');
  const {stderr} = await run(['export', 'create', 'products', '-o', to], {tty: true, columns: 80});
  assert.match(stderr, /Exporting products\. Shopify answers with errors, trying again\./);
  assert.doesNotMatch(stderr, /Warning/);
});

test('without --output the file has the name that the server gives it', async (t) => {
  const {run, api} = await connected(t, routes());
  const before = process.cwd();
  const place = await folder(t);
  process.chdir(place);
  t.after(() => process.chdir(before));

  await run(['export', 'create', 'products']);
  api.routes['GET /exports/exp_1'] = job('completed', {file: 'collections.zip'});
  await run(['export', 'create', 'collections']);

  assert.deepEqual((await readdir(place)).sort(), ['collections.zip', 'products.csv']);
});

test('a server cannot choose where its file goes', async (t) => {
  const {run, api} = await connected(t, routes());
  const before = process.cwd();
  const place = await folder(t);
  await mkdir(join(place, 'here'));
  process.chdir(join(place, 'here'));
  t.after(() => process.chdir(before));

  for (const name of ['../up.csv', join(place, 'up.csv'), '.profile', 'a/b.csv', 'x\u001b[2J.csv', '', null, 7]) {
    api.routes['GET /exports/exp_1'] = job('completed', {file: name});
    const {code, stdout, stderr} = await run(['export', 'create', 'products']);
    assert.equal(code, 1, name);
    assert.equal(stdout, '');
    assert.match(stderr, /not a safe file name.*--output <file>\n$/);
    assert.doesNotMatch(stderr, /\u001b/);
  }

  assert.deepEqual(await readdir(place), ['here']);
  assert.deepEqual(await readdir(join(place, 'here')), []);
});

test('--output - writes the bytes, and nothing else, to standard output', async (t) => {
  const {run} = await connected(t, routes());
  const {code, stdout} = await run(['export', 'create', 'products', '--output', '-']);
  assert.equal(code, 0);
  assert.equal(stdout, ROWS);
});

test('what was left out of a file is told beside standard output', async (t) => {
  const whole = job('completed', {warnings: ['Left out: Email.']});
  const {run} = await connected(t, {
    ...routes(), 'GET /exports/exp_1': whole, 'GET /exports/exp_1/file': file(ROWS),
  });
  for (const words of [['create', 'products'], ['download', 'exp_1']]) {
    const {stdout, stderr} = await run(['export', ...words, '--output', '-']);
    assert.equal(stdout, ROWS);
    assert.match(stderr, /(^|\n)Warning: Left out: Email\.\n$/);
  }
});

test('on a terminal there is a bar, and no control characters of the shop', async (t) => {
  const {run} = await connected(t, {
    ...routes(),
    'GET /exports/exp_1': [job('running', {progress: {done: 1, total: 4}}), job('completed')],
    'GET /exports/exp_1/file': file('Title\n\u001b[31mRed\u009b\n'),
  });

  const {stdout, stderr} = await run(['export', 'create', 'products', '--output', '-'],
    {tty: true, columns: 80});

  assert.equal(stdout, 'Title\n[31mRed\n');
  assert.match(stderr, /\r\u001b\[K\[#{4}-{12}\] 1 of 4 objects\r/);
  assert.ok(stderr.endsWith('\r\u001b[K'), 'the bar is wiped at the end');
  const binary = await run(['export', 'create', 'products', '--format', 'xlsx', '--output', '-'],
    {tty: true});
  assert.equal(binary.code, 2);
});

test('--json prints the finished export', async (t) => {
  const {run} = await connected(t, routes());
  const to = join(await folder(t), 'a.csv');
  const {stdout} = await run(['export', 'create', 'products', '--json', '--output', to]);
  assert.deepEqual(JSON.parse(stdout), job('completed'));
  assert.equal((await run(['export', 'create', 'products', '--json', '--output', '-'])).code, 2);
});

test('the format is --format, else the ending of --output, else CSV', async (t) => {
  const {run, api} = await connected(t, routes());
  const place = await folder(t);
  for (const [words, format] of [
    [['products', '--output', join(place, 'a.xlsx')], 'xlsx'],
    [['products', '--output', join(place, 'a.JSONL')], 'jsonl'],
    [['products', '--output', join(place, 'a.txt')], 'csv'],
    [['products', 'redirects', '--output', join(place, 'a.zip')], 'csv'],
    [['products', 'redirects', '--output', join(place, 'a.zip'), '--format', 'jsonl'], 'jsonl'],
  ]) {
    api.calls.length = 0;
    const name = words.find((word) => /\.\w+$/.test(word));
    api.routes['GET /exports/exp_1'] = job('completed', {file: name.toLowerCase()});
    assert.equal((await run(['export', 'create', ...words])).code, 0);
    assert.equal(sent(api).format, format);
  }
});

test('filters are sent by type', async (t) => {
  const {run, api} = await connected(t, routes());
  await run(['export', 'create', 'products', 'redirects', '--output', '-',
    '--filter', 'products.status=active', '--filter', 'products.title=a=b.c',
    '--filter', 'redirects.path=']);
  assert.deepEqual(sent(api).filters,
    {products: {status: 'active', title: 'a=b.c'}, redirects: {path: ''}});
});

test('options are sent as fields of the call', async (t) => {
  const {run, api} = await connected(t, routes());
  for (const [words, fields] of [
    [['products', '--no-bom'], {bom: false}],
    [['products', '--since-last'], {since_last: true}],
    [['products', '--updated-since', '2026-01-31'], {updated_since: '2026-01-31'}],
    [['products', '--columns', 'ID, Title', '--columns', '"Inventory Available: Paris, France"'],
      {columns: {products: ['ID', 'Title', 'Inventory Available: Paris, France']}}],
    [['products', '--columns', 'Products=ID'], {columns: {products: ['ID']}}],
    [['products', 'pages', '--columns', 'products=ID', '--columns', 'pages=Title,Handle'],
      {types: ['products', 'pages'], columns: {products: ['ID'], pages: ['Title', 'Handle']}}],
    [['--all', '--filter', 'products.status=active'],
      {types: 'all', filters: {products: {status: 'active'}}}],
  ]) {
    api.calls.length = 0;
    const {code, stderr} = await run(['export', 'create', ...words, '--output', '-']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(sent(api), {types: ['products'], format: 'csv', filters: {}, ...fields});
  }
});

test('a name that does not fit what the file is ends with what to do', async (t) => {
  const {run, api} = await connected(t, {
    ...routes(), 'GET /exports/exp_1': job('completed', {file: 'collections.zip'}),
  });
  const to = join(await folder(t), 'mine.csv');
  const {code, stderr} = await run(['export', 'create', 'collections', '--output', to]);
  assert.equal(code, 1);
  assert.match(stderr, /is a \.zip file\. .*export download exp_1 --output .*mine\.zip\n$/);
  assert.ok(!api.names().includes('GET /exports/exp_1/file'));
});

test('the bar tells the speed, the time left and the types that are not done', async (t) => {
  const pace = {
    done: 30, total: 100, rate: 12.5, seconds_left: 240,
    types: {products: {done: 20, total: 90}, pages: {done: 10, total: 10}},
  };
  const {run} = await connected(t, {
    ...routes(),
    'POST /exports': job('queued', {types: ['products', 'pages']}),
    'GET /exports/exp_1': [job('running', {progress: pace}), job('completed', {file: 'export.zip'})],
  });
  const to = join(await folder(t), 'a.zip');
  const words = ['export', 'create', 'products', 'pages', '--output', to];
  const {stderr} = await run(words, {tty: true, columns: 200});
  assert.match(stderr,
    /\] 30 of 100 objects, 12\.5\/s, 4 min left \(products 20\/90\)/);
});

test('with --json progress is a line of JSON for each change', async (t) => {
  const running = job('running', {progress: {done: 1, total: 4}});
  const {run} = await connected(t, {
    ...routes(), 'GET /exports/exp_1': [running, running, job('completed')],
  });
  const to = join(await folder(t), 'a.csv');
  const {stderr} = await run(['export', 'create', 'products', '--json', '--output', to]);
  const lines = stderr.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines, [
    {id: 'exp_1', status: 'queued', progress: {done: 0, total: null}},
    {id: 'exp_1', status: 'running', progress: {done: 1, total: 4}},
    {message: `Saved 2 rows to ${to} (32 bytes).`},
  ]);
});

test('warnings are told, those that only the making of a workbook shows too', async (t) => {
  const made = job('completed', {format: 'xlsx', file: 'products.xlsx', warnings: ['Cut.']});
  const {run} = await connected(t, {
    ...routes(),
    'GET /exports/exp_1': [job('completed', {format: 'xlsx', file: 'products.xlsx'}), made],
  });
  const to = join(await folder(t), 'a.xlsx');
  const {stderr, stdout} = await run(['export', 'create', 'products', '--json', '--output', to]);
  assert.match(stderr, /\n\{"warning":"Cut\."\}\n$/);
  assert.deepEqual(JSON.parse(stdout).warnings, ['Cut.']);
});

test('the file of an earlier export is saved again', async (t) => {
  const {run} = await connected(t, {...routes(), 'GET /exports/exp_1': job('completed')});
  const to = join(await folder(t), 'again.csv');
  assert.equal((await run(['export', 'download', 'exp_1', '--output', to])).code, 0);
  assert.equal(await readFile(to, 'utf8'), ROWS);
  assert.equal((await run(['export', 'download', 'exp_1', '--output', '-'])).stdout, ROWS);
  assert.equal((await run(['export', 'download', 'imp_1'])).code, 2);
});

test('what is typed wrong ends with 2 before any request', async (t) => {
  const {run, api} = await connected(t, routes());
  const place = await folder(t);
  await mkdir(join(place, 'folder.csv'));
  for (const [words, sentence] of [
    [[], /^Usage: altera export create <type>\.\.\. or .* --all\n$/],
    [['prodcts'], /no data type “prodcts”/],
    [['products', '--format', 'pdf'], /--format is one of csv, xlsx, jsonl/],
    [['products', '--output', 'a.xlsx', '--format', 'csv'], /is a \.csv file/],
    [['products', 'pages', '--output', 'a.csv'], /is a \.zip file/],
    [['products', '--output', 'a.zip', '--format', 'xlsx'], /is a \.xlsx file/],
    [['products', '--output', 'z.pdf'], /makes a \.csv file: its name cannot end in \.pdf, as z\.pdf/],
    [['products', '-o', 'x.xls'], /cannot end in \.xls/],
    [['products', '--output', 'x.json'], /cannot end in \.json/],
    [['products', '--format', 'jsonl', '--output', 'x.json'], /makes a \.jsonl file/],
    [['products', 'pages', '--output', 'x.txt'], /makes a \.zip file/],
    [['products', '--no-wait', '--output', 'x.csv'], /--no-wait does not save a file/],
    [['products', '--all'], /not both/],
    [['products', '--columns', ' , '], /needs the name of a column/],
    [['products', 'pages', '--columns', 'ID'], /for example products=ID/],
    [['--all', '--columns', 'ID'], /for example products=ID/],
    [['products', '--columns', 'pages=ID'], /pages, which is not exported/],
    [['products', '--columns', 'ID', '--format', 'jsonl'], /JSONL has no columns/],
    [['products', '--no-bom', '--format', 'xlsx'], /--no-bom is for CSV only/],
    [['products', '--since-last', '--updated-since', '2026-01-01'], /Use either/],
    [['products', '--output', join(place, 'folder.csv')], /is a folder/],
    [['products', '--output', join(place, 'no', 'a.csv')], /Cannot write in the folder/],
    [['products', '--output', '/dev/null'], /not an ordinary file/],
    [['products', '--filter', 'status=active'], /not a filter/],
    [['products', '--filter', 'pages.title=a'], /pages, which is not exported/],
    [['products', '--filter', 'products.a=1', '--filter', 'products.a=2'], /given twice/],
    [['products', '--dry-run'], /--dry-run is not an option of export create/],
  ]) {
    const {code, stderr} = await run(['export', 'create', ...words]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
  assert.deepEqual(api.calls, []);
});

test('a permission that is missing ends with 4 and the sentence of the API', async (t) => {
  const {run} = await connected(t, {
    'POST /exports': problem(403, 'permission_missing', 'Tick Orders: export in Settings.'),
  });
  assert.deepEqual(await run(['export', 'create', 'orders', '--output', '-']),
    {code: 4, stdout: '', stderr: 'Tick Orders: export in Settings.\n'});
});

test('an export that fails ends with 1 and says why; nothing is saved', async (t) => {
  const {run} = await connected(t, {
    ...routes(), 'GET /exports/exp_1': job('failed', {error: 'Shopify was closed.'}),
  });
  const place = await folder(t);
  const words = ['export', 'create', 'products', '--output', join(place, 'a.csv')];
  const {code, stderr} = await run(words);
  assert.equal(code, 1);
  assert.match(stderr, /The export exp_1 failed: Shopify was closed\.\n$/);
  assert.equal(JSON.parse((await run([...words, '--json'])).stdout).status, 'failed');
  assert.deepEqual(await readdir(place), []);
});

test('an export that someone cancels ends with 1', async (t) => {
  const {run} = await connected(t, {...routes(), 'GET /exports/exp_1': job('canceled')});
  const {code, stderr} = await run(['export', 'create', 'products', '--output', '-']);
  assert.equal(code, 1);
  assert.match(stderr, /The export exp_1 was canceled\.\n$/);
});

test('a server that restarts in between is waited for', async (t) => {
  const {run} = await connected(t, {
    ...routes(),
    'GET /exports/exp_1': [
      (request) => request.socket.destroy(),
      problem(502, 'bad_gateway', 'Restarting.'),
      job('completed'),
    ],
  });
  assert.equal((await run(['export', 'create', 'products', '--output', '-'])).stdout, ROWS);
});

test('a download that is cut off goes on where it stopped', async (t) => {
  const headers = {'accept-ranges': 'bytes', 'etag': '"v1"'};
  const {run, api} = await connected(t, {
    ...routes(),
    'GET /exports/exp_1/file': [cut('0123456789abcdef', headers), (request, response) => {
      response.writeHead(206, {'content-range': 'bytes 8-15/16'});
      response.end('89abcdef');
    }],
  });
  const to = join(await folder(t), 'a.csv');

  assert.equal((await run(['export', 'create', 'products', '--output', to])).code, 0);

  assert.equal(await readFile(to, 'utf8'), '0123456789abcdef');
  assert.equal(api.calls.at(-1).headers.range, 'bytes=8-');
  assert.equal(api.calls.at(-1).headers['if-range'], '"v1"');
});

test('a download that cannot go on starts again', async (t) => {
  for (const headers of [{}, {'accept-ranges': 'bytes', 'etag': '"v1"'}]) {
    const {run} = await connected(t, {
      ...routes(), 'GET /exports/exp_1/file': [cut('0123456789abcdef', headers), file('new')],
    });
    const to = join(await folder(t), 'a.csv');
    assert.equal((await run(['export', 'create', 'products', '--output', to])).code, 0);
    assert.equal(await readFile(to, 'utf8'), 'new');
  }
});

test('a download that stays cut off leaves the file of before', async (t) => {
  const {run, api} = await connected(t, {
    ...routes(), 'GET /exports/exp_1/file': cut('0123456789abcdef'),
  });
  const place = await folder(t);
  await writeFile(join(place, 'a.csv'), 'old');

  const {code, stderr} = await run(['export', 'create', 'products', '--output', join(place, 'a.csv')]);

  assert.equal(code, 1);
  assert.match(stderr, /The download was cut off\. Run the command again\.\n$/);
  assert.equal(await readFile(join(place, 'a.csv'), 'utf8'), 'old');
  assert.deepEqual(await readdir(place), ['a.csv']);
  assert.equal(api.names().filter((name) => name.endsWith('file')).length, 2);
});

test('on standard output a cut download is never begun twice', async (t) => {
  const {run} = await connected(t, {
    ...routes(), 'GET /exports/exp_1/file': [cut('0123456789abcdef'), file(ROWS)],
  });
  const {code, stdout} = await run(['export', 'create', 'products', '--output', '-']);
  assert.equal(code, 1);
  assert.equal(stdout, '01234567');
});

test('an export whose answer is lost is asked for again under the same key', async (t) => {
  const started = {id: 'exp_1', types: ['redirects'], status: 'queued'};
  const lost = (request, response) => response.write('{"id": ', () => response.destroy());
  const {run, api} = await connected(t, {'POST /exports': [lost, started]});
  const {code, stdout, stderr} = await run(['export', 'create', 'redirects', '--no-wait']);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'exp_1\n');
  const keys = api.calls.map(({headers}) => headers['idempotency-key']);
  assert.equal(keys.length, 2);
  assert.ok(keys[0] && keys[0] === keys[1]);
});
