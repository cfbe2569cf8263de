import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {ABOUT_KEY, HELD_PLAN, PLANNING, connected, folder, problem} from './helpers.js';

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
  const [, {name, query, headers, body}] = api.calls;
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

  const [, {query, headers, body}] = api.calls;
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

const PLAN = {
  created: 0, updated: 0, deleted: 0, unchanged: 0, skipped: 0, failed: 0, limits: [],
  not_undoable: [], blanks_kept: 0, planned_at: '2026-10-01T10:00:01Z', sha256: null,
};
const LASTING = {
  mails: 3, updated: 4, not_undoable: [{action: 'cancel', count: 4}, {action: 'mail', count: 3},
    {action: 'refund', count: 1}],
};

const planned = (status, plan, counts = {}) => job(status, counts, {plan: {...PLAN, ...plan}});
const object = (action, row, key, changes = [], more = {}) => ({
  type: 'products', sheet: '', key, id: '7', action, rows: [row], warnings: [], blanks: [],
  changes: changes.map(([column, before, after, member = '']) => ({column, member, before, after})),
  ...more,
});
const lines = (objects) => (request, response) => {
  response.writeHead(200, {'content-type': 'application/jsonl'});
  response.end(objects.map((each) => `${JSON.stringify(each)}\n`).join(''));
};
const RISKY = [
  object('update', 2, 'tee', [['Variant Price', '20.00', '9.00', 'Red'], ['Title', 'Tea', 'Tee']]),
  object('update', 3, 'mug', [['Variant Price', '10.00', '0.00', 'Blue']]),
  object('update', 4, 'cup', [['Inventory Available: Berlin', '5', '0'], ['Status', 'Active', 'Draft']]),
  object('delete', 5, '/old'),
  object('failed', 6, '/bad', [], {warnings: ['Target is missing.']}),
];

test('a plan tells how many customers it writes to, and what no undo takes back', async (t) => {
  const {create} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', LASTING), 'GET /imports/imp_1/plan': lines([]),
  });

  const {stdout} = await create('--dry-run');

  assert.equal(stdout, `Plan imp_1: 4 updated
  3 customers will get an email.
  No undo can take back: cancel 4 orders, write to 3 customers, refund 1 order.
`);
});

test('a dry run prints its plan: counts, then what is risky, then the rest', async (t) => {
  const plan = {updated: 3, deleted: 1, failed: 1, blanks_kept: 12,
    not_undoable: [{action: 'delete', count: 1}]};
  const {create, api} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', plan), 'GET /imports/imp_1/plan': lines(RISKY),
  });

  const {code, stdout, stderr} = await create('--dry-run');

  assert.equal(code, 0, stderr);
  assert.equal(stdout, `Plan imp_1: 3 updated, 1 deleted, 1 failed
  12 blank cells left as they are; \`--blank clear\` would empty them.
  An undo would bring 1 deleted object back under new IDs.

Deletes (1)
  row 5  /old

Prices that fall, the largest moves first (2)
  row 3  mug Blue
    Variant Price  10.00 → 0.00  -100 %
  row 2  tee Red
    Variant Price  20.00 → 9.00  -55 %

Stock that goes to 0 (1)
  row 4  cup
    Inventory Available: Berlin  5 → 0

Unpublished or archived (1)
  row 4  cup
    Status  Active → Draft

Fails (1)
  row 6  /bad  Target is missing.

Changes
  update  row 2  tee
    Red: Variant Price  20.00 → 9.00
    Title  Tea → Tee
`);
  assert.match(stderr, /^Dry run, nothing was changed\. Apply it with: altera import apply imp_1\n$/);
  assert.equal(api.calls[1].query.dry_run, 'true');
  assert.deepEqual(api.calls.at(-1).query, {only: 'changes'});
});

test('a dry run of what is there already offers nothing to apply', async (t) => {
  const {create} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', {unchanged: 2}), 'GET /imports/imp_1/plan': lines([]),
  });
  const {stdout, stderr} = await create('--dry-run');
  assert.equal(stdout, 'Plan imp_1: 2 unchanged\n');
  assert.equal(stderr, 'Dry run: there is nothing to change.\n');
});

test('of many objects twenty are shown, and the way to the others', async (t) => {
  const many = Array.from({length: 500}, (_, each) => object('create', each + 2, `/p${each}`));
  const {create} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', {created: 500}), 'GET /imports/imp_1/plan': lines(many),
  });
  const {stdout} = await create('--dry-run');
  assert.equal(stdout.match(/^  create /gm).length, 20);
  assert.match(stdout, /\n  … and 480 more: altera import show imp_1 --output plan\.xlsx\n$/);
});

test('a long text is shown as the words that differ', async (t) => {
  const words = Array.from({length: 60}, (_, each) => `word${each}`);
  const after = words.map((word, each) => each === 30 ? 'new' : word);
  const {create} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', {updated: 1}),
    'GET /imports/imp_1/plan': lines([
      object('update', 2, 'tee', [['Body HTML', words.join(' '), after.join(' ')]])]),
  });
  assert.match((await create('--dry-run')).stdout,
    /Body HTML {2}… word27 word28 word29 \[-word30-\] \{\+new\+\} word31 word32 word33 …\n/);
});

test('a long address has no words to compare, and many warnings are counted', async (t) => {
  const address = `https://example.com/${'a'.repeat(30)}`;
  const warnings = [1, 2, 3, 4, 5].map((number) => `Row ${number}: odd.`);
  const {create} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', {updated: 1}),
    'GET /imports/imp_1/plan': lines([
      object('update', 2, '/a', [['Target', address, `${address}b`]], {warnings})]),
  });
  const {stdout} = await create('--dry-run');
  assert.ok(stdout.includes(`Target  ${address} → ${address}b\n`), stdout);
  assert.match(stdout, / {4}Row 3: odd\.\n {4}… and 2 more warnings\n$/);
});

test('what a plan says cannot move the cursor', async (t) => {
  const {create} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', {updated: 1}),
    'GET /imports/imp_1/plan': lines([
      object('update', 2, '/a\u001b[2J', [['Ti\u001btle', '\u001b]0;x', 'b\nupdate  row 9']])]),
  });
  const {stdout} = await create('--dry-run');
  assert.doesNotMatch(stdout, /\u001b/);
  assert.equal(stdout.match(/^  update/gm).length, 1);
});

test('the exit code tells changes only where that is asked for', async (t) => {
  const {create, api} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', {updated: 1}), 'GET /imports/imp_1/plan': lines([]),
  });
  assert.equal((await create('--dry-run')).code, 0);
  assert.equal((await create('--dry-run', '--detailed-exitcode')).code, 6);
  api.routes['GET /imports/imp_1'] = planned('planned', {unchanged: 3});
  assert.equal((await create('--dry-run', '--detailed-exitcode')).code, 0);
  api.routes['GET /imports/imp_1'] = planned('planned', {updated: 1, failed: 1}, {failed: 1});
  assert.equal((await create('--dry-run', '--detailed-exitcode')).code, 5);
});

const HELD = {deleted: 42, limits: [{limit: 'deletes', count: 42, allowed: 10, earlier: 0, worst: []}]};

test('over a limit a script is told to decide, with exit code 7', async (t) => {
  const {create, api} = await withFile(t, {'GET /imports/imp_1': planned('held', HELD)});
  const {code, stdout, stderr} = await create();
  assert.deepEqual([code, stdout], [7, '']);
  assert.match(stderr, /is held by a limit\. Nothing was changed\.\n {2}42 objects deleted\n/);
  assert.match(stderr, /altera import apply imp_1\n$/);
  assert.equal(api.calls[1].query.confirm, undefined);
});

test('what is accepted on the command line goes with the file', async (t) => {
  const {create, api} = await withFile(t, {'GET /imports/imp_1': job('completed', {deleted: 42})});
  await create('--yes');
  assert.equal(api.calls[1].query.confirm, 'changes');
  await create('--yes', '--confirm-deletes', '42', '--blank', 'clear', '--strict');
  const {query} = api.calls.findLast(({name}) => name === 'POST /imports');
  assert.equal(query.confirm, 'changes,deletes:42');
  assert.deepEqual([query.blank, query.strict], ['clear', 'true']);
});

test('import apply accepts what is named, exactly', async (t) => {
  const {run, api} = await withFile(t, {
    'GET /imports/imp_1': planned('held', HELD),
    'GET /imports/imp_1/plan': lines([]),
    'POST /imports/imp_1/apply': planned('completed', HELD, {deleted: 42}),
  });
  for (const words of [[], ['--yes'], ['--confirm-deletes', '41']]) {
    const {code, stderr} = await run(['import', 'apply', 'imp_1', ...words]);
    assert.equal(code, 7, stderr);
    assert.match(stderr, /Nothing was changed/);
  }
  assert.ok(!api.names().includes('POST /imports/imp_1/apply'));
  const {code, stderr} = await run(['import', 'apply', 'imp_1', '--confirm-deletes', '42']);
  assert.equal(code, 0, stderr);
  assert.deepEqual(JSON.parse(api.calls.at(-1).body), {accept: {deletes: 42}});
  assert.match(stderr, /Imported: 42 deleted\.\n$/);
});

test('import undo plans, shows and applies; with --dry-run it only shows', async (t) => {
  const undoing = {...planned('planned', {updated: 1}), id: 'imp_2', undoes: 'imp_1'};
  const {run, api} = await withFile(t, {
    'POST /imports/imp_1/undo': {...job('queued'), id: 'imp_2', undoes: 'imp_1'},
    'GET /imports/imp_2': undoing,
    'GET /imports/imp_2/plan': lines([object('update', 2, '/a', [['Target', '/new', '/old']])]),
    'POST /imports/imp_2/apply': {...planned('completed', {updated: 1}, {updated: 1}), id: 'imp_2'},
  });
  const shown = await run(['import', 'undo', 'imp_1', '--dry-run', '--force']);
  assert.deepEqual([shown.code, shown.stdout.split('\n')[0]], [0, 'Plan imp_2: 1 updated']);
  assert.deepEqual(JSON.parse(api.calls[1].body), {dry_run: true, force: true});
  assert.ok(!api.names().includes('POST /imports/imp_2/apply'));
  const {code, stdout, stderr} = await run(['import', 'undo', 'imp_1']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Target {2}\/new → \/old/);
  assert.match(stderr, /Imported: 1 updated\.\n$/);
  assert.equal((await run(['import', 'undo', 'exp_1'])).code, 2);
});

test('import apply tells what the server refuses', async (t) => {
  const {run} = await withFile(t, {
    'GET /imports/imp_1': job('completed'),
    'POST /imports/imp_1/apply': problem(409, 'already_applied', 'It was applied already.'),
  });
  assert.deepEqual(await run(['import', 'apply', 'imp_1']),
    {code: 1, stdout: '', stderr: 'It was applied already.\n'});
});

test('import show prints the plan again, or saves it', async (t) => {
  const {run, api} = await withFile(t, {
    'GET /imports/imp_1': planned('held', HELD), 'GET /imports/imp_1/plan': lines(RISKY),
  });
  const {stdout} = await run(['import', 'show', 'imp_1']);
  assert.match(stdout, /Status +held\n/);
  assert.match(stdout, /Plan imp_1: 42 deleted\n {2}Limit: 42 objects deleted\n\nDeletes \(1\)/);
  const found = (await run(['import', 'show', 'imp_1', '--json'])).stdout.trim().split('\n');
  assert.deepEqual(found.map((line) => JSON.parse(line).key), ['tee', 'mug', 'cup', '/old', '/bad']);
  const place = await folder(t);
  for (const format of ['xlsx', 'jsonl']) {
    const {code} = await run(['import', 'show', 'imp_1', '-o', join(place, `plan.${format}`)]);
    assert.equal(code, 0);
    assert.deepEqual(api.calls.at(-1).query, {format});
  }
  assert.equal((await run(['import', 'show', 'imp_1', '-o', 'plan.csv'])).code, 2);
});

test('what the server warns of is told', async (t) => {
  const {create} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {created: 1}, {warnings: ['The column Colour is unknown.']}),
  });
  const {code, stderr} = await create();
  assert.equal(code, 0);
  assert.equal(stderr, 'Warning: The column Colour is unknown.\nImported: 1 created.\n');
});

test('--json prints the finished import, and only that; of a dry run the lines of its plan', async (t) => {
  const {create, api} = await withFile(t, {
    'GET /imports/imp_1': job('completed', {failed: 1}),
    'GET /imports/imp_1/plan': lines(RISKY),
  });
  const {code, stdout} = await create('--json');
  assert.equal(code, 5);
  assert.equal(JSON.parse(stdout).counts.failed, 1);
  api.routes['GET /imports/imp_1'] = planned('planned', {updated: 1});
  const dry = await create('--json', '--dry-run');
  assert.equal(dry.code, 0);
  assert.deepEqual(dry.stdout.trim().split('\n').map((line) => JSON.parse(line)), RISKY);
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
  assert.match(reached.stderr, /^The connection was cut off; sending the call again\.\n/);
  assert.match(reached.stderr, /\nCannot reach /);
  const sent = api.calls.filter(({name}) => name === 'POST /imports');
  assert.equal(new Set(sent.map(({headers}) => headers['idempotency-key'])).size, 1);

  api.routes['GET /key'] = {...ABOUT_KEY, permissions: {export: ['redirects'], import: []}};
  const unticked = await create();
  assert.equal(unticked.code, 4);
  assert.match(unticked.stderr, /^Key “Nightly backup” may not import redirects\. Tick it under/);

  api.routes['GET /key'] = problem(401, 'key_invalid', 'This key does not work.');
  assert.equal((await create()).code, 3);
});

test('a file whose answer is lost is sent again under the same key', async (t) => {
  const busy = problem(409, 'idempotency_in_progress', 'Not answered yet.', {'retry-after': '1'});
  const {create, api} = await withFile(t, {
    'POST /imports': [(request) => request.socket.destroy(), busy, job('running')],
    'GET /imports/imp_1': job('completed', {created: 1}),
  });
  const {code, stderr} = await create();
  assert.equal(code, 0, stderr);
  const sent = api.calls.filter(({name}) => name === 'POST /imports');
  assert.deepEqual(sent.map(({body}) => String(body)), [TEXT, TEXT, TEXT]);
  const [first, ...more] = sent.map(({headers}) => headers['idempotency-key']);
  assert.match(first, /^[0-9a-f-]{36}$/);
  assert.deepEqual(more, [first, first]);

  await create();
  assert.notEqual(api.calls.at(-2).headers['idempotency-key'], first); // another import
});

test('standard input whose answer is lost is not sent again', async (t) => {
  const {run, api} = await withFile(t, {'POST /imports': (request) => request.socket.destroy()});
  const {code, stderr} = await run(['import', 'create', '-', '--type', 'redirects'], {input: TEXT});
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot reach /);
  assert.equal(api.names().filter((name) => name === 'POST /imports').length, 1);
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
    [[path, '--blank', 'empty'], /--blank is keep or clear/],
    [[path, '--confirm-deletes', 'all'], /--confirm-deletes must be a whole number/],
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
  const [, {query, headers, body}] = api.calls;
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
    assert.deepEqual(api.calls[1].query, {...query, dry_run: 'false'});
    assert.match(api.calls[1].headers['content-type'], type);
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
  const [, {query, headers, body}] = api.calls;
  assert.equal(query.type, 'redirects');
  assert.equal(body.toString(), TEXT);
  assert.equal(headers['content-length'], undefined);
});

test('--no-wait prints the ID of the import', async (t) => {
  const {create, api} = await withFile(t, {});
  const {code, stdout, stderr} = await create('--no-wait');
  assert.deepEqual([code, stdout], [0, 'imp_1\n']);
  assert.match(stderr, /altera import show imp_1\n$/);
  assert.deepEqual(api.names(), ['GET /key', 'POST /imports']);
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

const APPROVAL = {updated: 1, approval: 'key', limits: []};

test('an import that waits for approval says who applies it, with exit code 7', async (t) => {
  const {create, run, api} = await withFile(t, {
    'GET /imports/imp_1': planned('held', APPROVAL),
    'GET /imports/imp_1/plan': lines([]),
  });
  for (const words of [['import', 'apply', 'imp_1', '--yes'], ['import', 'apply', 'imp_1']]) {
    const {code, stderr} = await run(words);
    assert.equal(code, 7, stderr);
    assert.match(stderr, /imp_1 waits for approval\. Nothing was changed\. A person applies/);
  }
  assert.equal((await create('--yes')).code, 7);
  assert.ok(!api.names().includes('POST /imports/imp_1/apply'));
});

test('a plan that is not held yet asks for approval by being applied', async (t) => {
  const {run, api} = await withFile(t, {
    'GET /imports/imp_1': planned('planned', APPROVAL),
    'GET /imports/imp_1/plan': lines([]),
    'POST /imports/imp_1/apply': problem(403, 'approval_needed', 'A person applies them.'),
  });
  const {code, stderr} = await run(['import', 'apply', 'imp_1']);
  assert.equal(code, 7, stderr);
  assert.match(stderr, /waits for approval/);
  assert.equal(api.names().at(-1), 'POST /imports/imp_1/apply');
});

test('the label of the key is shown before an import, and a pipe is asked nothing', async (t) => {
  const {create} = await withFile(t, {
    'GET /key': {...ABOUT_KEY, environment: 'production'},
    'GET /imports/imp_1': job('completed', {created: 1}),
  });
  const {code, stderr} = await create();
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^PRODUCTION: alice\.myshopify\.com, key “[^”]+”\nImported: 1 created/);
});

test('at a terminal deletes are not done when anything but their number is typed', async (t) => {
  const {path, run, api} = await withFile(t, PLANNING);
  for (const typed of ['41\r', 'y\r', '\r', '\u0004']) {
    const {code, stderr} = await run(['import', 'create', path], {typed, tty: true});
    assert.equal(code, 7, stderr);
    assert.match(stderr, /Type 42 to confirm: [^]*Nothing was changed/);
  }
  assert.ok(!api.names().includes('POST /imports/imp_1/apply'));
});

test('at a terminal it is asked before customers are written to', async (t) => {
  const plan = {...HELD_PLAN.plan, deleted: 0, updated: 2, mails: 2, limits: []};
  const {path, run, api} = await withFile(t, {...PLANNING, 'GET /imports/imp_1': {...HELD_PLAN, plan}});
  const words = ['import', 'create', path];

  const refused = await run(words, {typed: '\r', tty: true});
  assert.equal(refused.code, 7, refused.stderr);
  assert.match(refused.stderr, /2 customers will get an email\. Apply\? \[y\/N\] /);
  assert.ok(!api.names().includes('POST /imports/imp_1/apply'));

  const accepted = await run(words, {typed: 'y\r', tty: true});
  assert.equal(accepted.code, 0, accepted.stderr);
  assert.deepEqual(JSON.parse(api.calls.at(-1).body), {accept: {}});
});

test('at a terminal an import with a key for production is asked about, unless --yes is given', async (t) => {
  const plan = {created: 0, updated: 1, deleted: 0, unchanged: 0, skipped: 0, failed: 0, limits: []};
  const planned = {...job('planned'), plan};
  const {run, api} = await connected(t, {
    'GET /key': {...ABOUT_KEY, environment: 'production'},
    'GET /imports/imp_1': planned,
    'GET /imports/imp_1/plan': (request, response) => response.end(),
    'POST /imports/imp_1/apply': {...planned, status: 'completed', counts: {updated: 1}},
  });
  const words = ['import', 'apply', 'imp_1'];
  const no = await run(words, {typed: 'n\r', tty: true});
  assert.equal(no.code, 7, no.stderr);
  assert.match(no.stderr, /PRODUCTION.*alice\.myshopify\.com/);
  assert.match(no.stderr, /This changes the production store alice\.myshopify\.com\. Apply\?/);
  assert.ok(!api.names().includes('POST /imports/imp_1/apply'));
  const yes = await run(words, {typed: 'y\r', tty: true});
  assert.equal(yes.code, 0, yes.stderr);
  const flag = await run([...words, '--yes'], {typed: '', tty: true});
  assert.equal(flag.code, 0, flag.stderr);
  assert.doesNotMatch(flag.stderr, /Apply\?/);
});
