import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {mkdir, readFile, readdir, stat, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';

import {fromCsv, toCsv} from '../src/csv.js';
import {batches} from '../src/together.js';
import {connected, folder, problem} from './helpers.js';

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** Shopify's storage: what was sent to it, and what it has; `next` are its next answers. */
async function storage(t, {content = {}, next = []} = {}) {
  const found = {sent: [], asked: [], content, next, most: 0};
  let now = 0;
  const server = createServer(async (request, response) => {
    now += 1;
    found.most = Math.max(found.most, now);
    response.on('close', () => { now -= 1; });
    assert.equal(request.headers.authorization, undefined, 'no key goes to the storage');
    const body = Buffer.concat(await request.toArray());
    const answer = found.next.shift();
    if (typeof answer === 'function') return answer(request, response);
    if (answer) return response.writeHead(answer).end();
    if (request.method === 'POST') {
      assert.equal(Number(request.headers['content-length']), body.length);
      found.sent.push(body.toString('latin1'));
      return setTimeout(() => response.writeHead(201).end(), 5);
    }
    const data = Buffer.from(found.content[request.url]);
    const [, from] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
    found.asked.push([request.url, from ?? null]);
    if (from === undefined) return response.writeHead(200, {'content-length': data.length}).end(data);
    response.writeHead(206, {'content-range': `bytes ${from}-${data.length - 1}/${data.length}`});
    response.end(data.subarray(Number(from)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return Object.assign(found, {url: `http://127.0.0.1:${server.address().port}`});
}

/** The calls of an upload. `known` are the contents that the store has, `names` its other names. */
function uploading(store, {known = new Set(), names = {}, errors = {}} = {}) {
  let number = 0;
  const files = new Map();
  const json = (response, body) => {
    response.writeHead(200, {'content-type': 'application/json'});
    response.end(JSON.stringify(body));
  };
  const file = (name) => ({
    id: `gid://shopify/MediaImage/${(number += 1)}`, name: names[name] ?? name, status: 'ready',
    url: `${store.url}/${name}`, type: 'IMAGE', error: '', size: 1,
  });
  return {
    'POST /uploads': (request, response, body) => json(response, {
      files: JSON.parse(body).files.map(({name, sha256: sum, replace}) => {
        if (known.has(sum)) return {result: 'stored', file: file(name)};
        if (errors[name]) return {result: 'failed', error: errors[name]};
        const target = {url: `${store.url}/to`, type: 'image/png', fields: [{name: 'key', value: `k/${name}`}]};
        return {result: 'upload', target, upload: JSON.stringify({name, replace: replace ?? false})};
      }),
    }),
    'POST /files': (request, response, body) => json(response, {
      files: JSON.parse(body).files.map(({upload, alt}) => {
        const made = {...file(JSON.parse(upload).name), status: 'uploaded', name: '', alt};
        files.set(made.id, {...made, status: 'ready', name: names[JSON.parse(upload).name] ?? JSON.parse(upload).name});
        return {result: 'stored', file: made};
      }),
    }),
    'GET /files/status': (request, response) => json(response, {
      files: new URL(request.url, 'http://a').searchParams.getAll('id').map((id) => files.get(id)),
    }),
  };
}

const bodies = (api, name) => api.calls.filter((call) => call.name === name)
  .flatMap(({body}) => JSON.parse(body).files);

test('files, folders and patterns are sent once each, eight at a time, and told', async (t) => {
  const store = await storage(t);
  const {run, api} = await connected(t, uploading(store, {names: {'b c.png': 'b_c.png'}}));
  const place = await folder(t);
  await mkdir(join(place, 'photos', 'in', '__MACOSX'), {recursive: true});
  for (let n = 0; n < 30; n += 1) await writeFile(join(place, 'photos', `p${n}.png`), `png ${n}`);
  await writeFile(join(place, 'photos', 'in', 'b c.png'), 'tea');
  await writeFile(join(place, 'photos', '.DS_Store'), 'x');
  await writeFile(join(place, 'photos', 'empty.png'), '');
  await writeFile(join(place, 'secret.txt'), 'secret');
  await symlink(join(place, 'secret.txt'), join(place, 'photos', 'out.txt'));
  await symlink('p1.png', join(place, 'photos', 'same.png'));
  await symlink('..', join(place, 'photos', 'in', 'round'));
  const report = join(place, 'report.csv');
  const warnings = [];
  const warned = (warning) => warnings.push(String(warning));
  process.on('warning', warned);
  t.after(() => process.off('warning', warned));

  const {code, stdout, stderr} = await run(['files', 'upload', join(place, 'photos'),
    join(place, 'ph*', '**', '{b,p}*.png'), '--report', report]);

  assert.equal(code, 0, stderr);
  assert.deepEqual(warnings, [], 'Node finds nothing odd');
  assert.equal(stdout, '');
  assert.match(stderr, /\.DS_Store: a file of the operating\s+system/);
  assert.match(stderr, /out\.txt: a link that\s+leads out/);
  assert.match(stderr, /b c\.png: Shopify\s+calls it b_c\.png\./);
  assert.match(stderr, /Uploaded 31 files/);
  assert.equal(store.sent.length, 31);
  assert.ok(store.most > 1 && store.most <= 8, `${store.most} at once`);
  assert.ok(!store.sent.some((body) => body.includes('secret')));
  const rows = fromCsv(await readFile(report, 'utf8'));
  assert.deepEqual(rows[0], ['Path', 'File Name', 'ID', 'URL', 'Type', 'Size', 'Result', 'Comment']);
  const of = (result) => rows.filter((row) => row[6] === result).length;
  assert.deepEqual([of('uploaded'), of('left out')], [31, 5]);
  const [{name, size, sha256: sum}] = bodies(api, 'POST /uploads').filter((one) => one.name === 'p7.png');
  assert.deepEqual([name, size, sum], ['p7.png', 5, sha256('png 7')]);
  assert.ok(api.names().filter((one) => one === 'POST /uploads').length < 20, 'a call takes many files');
});

test('while a call runs what is asked for waits, and goes together in the next', {timeout: 60_000}, async () => {
  const [calls, answers] = [[], []];
  const ask = batches((items) => {
    calls.push(items);
    return new Promise((resolve) => answers.push(() => resolve(items.map((item) => item * 10))));
  }, {most: 3, moment: 30_000, more: () => calls.length < 2});
  const first = [1, 2, 3].map(ask);
  assert.deepEqual(calls, [[1, 2, 3]], 'a full call does not wait');
  const second = [4, 5, 6, 7].map(ask);
  assert.equal(calls.length, 1, 'one call at a time');
  answers[0]();
  assert.deepEqual(await Promise.all(first), [10, 20, 30]);
  assert.deepEqual(calls[1], [4, 5, 6]);
  answers[1]();
  assert.deepEqual(await Promise.all(second.slice(0, 3)), [40, 50, 60]);
  assert.deepEqual(calls[2], [7], 'no more is to come');
  answers[2]();
  assert.equal(await second[3], 70);
});

test('of many files that are not taken the first are told, and how many more there are', async (t) => {
  const store = await storage(t);
  const names = Array.from({length: 23}, (_, n) => `p${n}.png`);
  const {run} = await connected(t, uploading(store, {
    errors: Object.fromEntries(names.map((name) => [name, 'It is too large.']))}));
  const place = await folder(t);
  for (const name of names) await writeFile(join(place, name), name);
  const {code, stderr} = await run(['files', 'upload', place]);
  assert.equal(code, 5);
  assert.equal(stderr.match(/It is\s+too\s+large/g).length, 20);
  assert.match(stderr, /3 more files were not uploaded\./);
});

test('what the store has is not sent, what is not taken is told with exit code 5', async (t) => {
  const store = await storage(t);
  const {run} = await connected(t, uploading(store, {
    known: new Set([sha256('tea')]), errors: {'bad.png': 'It is too large.'}}));
  const place = await folder(t);
  await writeFile(join(place, 'tea.png'), 'tea');
  await writeFile(join(place, 'bad.png'), 'bad');
  const {code, stderr} = await run(['files', 'upload', place]);
  assert.equal(code, 5);
  assert.match(stderr, /bad\.png: It is too large\./);
  assert.match(stderr, /Uploaded 0 files, 1 unchanged, 1 failed\./);
  assert.deepEqual(store.sent, []);
});

test('alt texts are one for all or those of a CSV file; --replace is asked for', async (t) => {
  const store = await storage(t);
  const {run, api} = await connected(t, uploading(store));
  const place = await folder(t);
  await writeFile(join(place, 'tea.png'), 'tea');
  await writeFile(join(place, 'cup.png'), 'cup');
  const alts = join(place, 'alts.csv');
  await writeFile(alts, '\ufeffAlt Text;File Name\r\n"A ""fine"" cup";cup.png\r\n');
  const two = [join(place, 'tea.png'), join(place, 'cup.png')];
  await run(['files', 'upload', ...two, '--alt', alts]);
  const byName = (all) => Object.fromEntries(all.map(({upload, alt}) => [JSON.parse(upload).name, alt]));
  assert.deepEqual(byName(bodies(api, 'POST /files')), {'tea.png': undefined, 'cup.png': 'A "fine" cup'});
  api.calls.length = 0;
  await run(['files', 'upload', ...two, '--alt', 'Tea', '--replace']);
  assert.deepEqual(byName(bodies(api, 'POST /files')), {'tea.png': 'Tea', 'cup.png': 'Tea'});
  assert.ok(bodies(api, 'POST /uploads').every(({replace}) => replace));
});

test('of two files of one name the second does not replace the first', async (t) => {
  const store = await storage(t);
  const {run} = await connected(t, uploading(store));
  const place = await folder(t);
  for (const part of ['a', 'b']) {
    await mkdir(join(place, part));
    await writeFile(join(place, part, 'tea.png'), part);
  }
  const {stderr} = await run(['files', 'upload', place, '--replace']);
  assert.match(stderr, /b\/tea\.png: another\s+file\s+of\s+this\s+name/);
  assert.equal(store.sent.length, 1);
  await run(['files', 'upload', place]);
  assert.equal(store.sent.length, 3);
});

test('the storage may fail for a while, and a target may expire', async (t) => {
  const store = await storage(t, {next: [503, (request, response) => response.destroy(), 400]});
  const {run, api} = await connected(t, uploading(store));
  const place = await folder(t);
  await writeFile(join(place, 'tea.png'), 'tea');
  const {code, stderr} = await run(['files', 'upload', place]);
  assert.equal(code, 0, stderr);
  assert.equal(bodies(api, 'POST /uploads').length, 2);
  assert.equal(store.sent.length, 1);
});

test('after Ctrl-C an upload goes on with what is missing, and a file that was cut is sent again', async (t) => {
  const known = new Set();
  const interruption = new AbortController();
  const store = await storage(t, {next: [
    (request, response) => {
      known.add(sha256('cup')); // what the first run brought
      response.writeHead(201).end();
    },
    () => interruption.abort(), // the second file is on its way when the run ends
  ]});
  const {run, api} = await connected(t, uploading(store, {known}));
  const place = await folder(t);
  await writeFile(join(place, 'cup.png'), 'cup');
  await writeFile(join(place, 'tea.png'), 'tea');
  assert.equal((await run(['files', 'upload', place], {signal: interruption.signal})).code, 130);
  const asked = bodies(api, 'POST /uploads').length;

  store.next.push((request, response) => response.destroy());
  const report = join(place, 'report.csv');
  const {code, stderr} = await run(['files', 'upload', join(place, '*.png'), '--report', report]);
  assert.equal(code, 0, stderr);
  assert.equal(store.sent.length, 1, 'only the file that is missing');
  assert.match(store.sent[0], /tea/);
  assert.ok(bodies(api, 'POST /uploads').length > asked);
  const [header, ...rows] = fromCsv(await readFile(report, 'utf8'));
  const told = rows.map((row) => [row[header.indexOf('File Name')], row[header.indexOf('Result')], row[header.indexOf('Comment')]]);
  assert.deepEqual(told.sort(), [
    ['cup.png', 'unchanged', ''],
    ['tea.png', 'uploaded', 'The connection was lost, so it was sent again from its beginning.'],
  ]);
});

test('a server that is busy is asked again, and one that refuses the key is not', async (t) => {
  const store = await storage(t);
  const routes = uploading(store);
  routes['POST /uploads'] = [problem(503, 'shopify_unavailable', 'Later.'), routes['POST /uploads']];
  const {run} = await connected(t, routes);
  const place = await folder(t);
  await writeFile(join(place, 'tea.png'), 'tea');
  assert.equal((await run(['files', 'upload', place])).code, 0);

  const denied = await connected(t, {'POST /uploads': problem(403, 'permission_missing', 'Tick it.')});
  const {code, stderr} = await denied.run(['files', 'upload', place]);
  assert.equal(code, 4);
  assert.match(stderr, /Tick it\./);
});

test('what is typed wrong ends with 2 before any request', async (t) => {
  const {run, api} = await connected(t, {});
  for (const [words, sentence] of [
    [['upload', 'nowhere'], /There is no file or folder nowhere/],
    [['upload', 'no*.png'], /No file matches no\*\.png/],
    [['upload', '.', '--report', 'r.pdf'], /its name\s+ends in\s+\.csv/],
    [['upload', '.', '--alt', 'no.csv'], /There is no file no\.csv/],
    [['download', '--media-type', 'imag'], /Did you mean “image”/],
    [['download', '--media-type', ''], /There are: image/],
  ]) {
    const {code, stderr} = await run(['files', ...words]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, sentence);
  }
  assert.deepEqual(api.names(), []);
});

const listedFile = (store, number, name, data, more = {}) => {
  store.content[`/${number}`] = data;
  return {
    id: `gid://shopify/MediaImage/${number}`, name, status: 'ready', url: `${store.url}/${number}`,
    type: 'IMAGE', size: data.length, alt: `About ${name}`, used_in: '', updated_at: `2026-11-0${number}T00:00:00Z`,
    ...more,
  };
};

test('every file comes once, under names that lead nowhere else, with a table', async (t) => {
  const store = await storage(t);
  const files = [
    listedFile(store, 1, 'tea.png', 'tea'), listedFile(store, 2, 'TEA.png', 'other'),
    listedFile(store, 3, '../../evil.png', 'evil'), listedFile(store, 4, 'con.png', 'device'),
    listedFile(store, 5, 'index.xlsx', 'theirs'), listedFile(store, 6, 'x.png', 'x', {status: 'failed', url: null}),
  ];
  const {run, api} = await connected(t, {'GET /files': [
    {files: files.slice(0, 4), after: 'next'}, {files: files.slice(4), after: null},
    {files, after: null}, {files: [], after: null}]});
  const place = join(await folder(t), 'backup');

  const {code, stderr} = await run(['files', 'download', place]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Left out x\.png: Shopify could\s+not process it\./);
  assert.match(stderr, /Downloaded 5 files \(24 bytes\) to .+, 1 left out\./s);
  assert.deepEqual((await readdir(place)).sort(), [
    '.altera-files.json', 'TEA (2).png', '_.._evil.png', '_con.png', 'index (5).xlsx', 'index.xlsx', 'tea.png']);
  assert.equal(await readFile(join(place, 'TEA (2).png'), 'utf8'), 'other');
  assert.deepEqual(api.calls.map(({query}) => query), [{}, {after: 'next'}]);
  assert.match(await readFile(join(place, 'index.xlsx'), 'latin1'), /About tea\.png/);

  const again = await run(['files', 'download', place]);
  assert.match(again.stderr, /Downloaded 0 files to .+, 5 unchanged/s);
  assert.equal(store.asked.length, 5, 'nothing was fetched again');

  await run(['files', 'download', place, '--since-last', '--media-type', 'image,file', '--filename', 'tea']);
  assert.deepEqual(api.calls.at(-1).query, {
    media_type: 'image,generic_file', filename: 'tea', updated_since: '2026-11-06T00:00:00Z'});
});

test('a long name is cut to what file systems take, its ending kept', async (t) => {
  const store = await storage(t);
  const names = [`${'茶'.repeat(120)}.png`, `${'茶'.repeat(121)}.png`, `${'x'.repeat(250)}.png`];
  const files = names.map((name, number) => listedFile(store, number + 1, name, `tea ${number}`));
  const {run} = await connected(t, {'GET /files': [
    {files, after: null}, {files: files.toReversed(), after: null}]});
  const place = join(await folder(t), 'backup');

  const {code, stderr} = await run(['files', 'download', place]);
  assert.equal(code, 0, stderr);
  const saved = (await readdir(place)).filter((name) => name.endsWith('.png'));
  assert.equal(saved.length, 3);
  assert(saved.every((name) => Buffer.byteLength(name) <= 255 && !name.includes('\ufffd')), saved.join());
  const again = await run(['files', 'download', place]);
  assert.match(again.stderr, /Downloaded 0 files to .+, 3 unchanged/s);
});

test('a file here that differs is left alone unless it is to be replaced', async (t) => {
  const store = await storage(t);
  const files = [listedFile(store, 1, 'tea.png', 'tea'), listedFile(store, 2, 'cup.png', 'cup')];
  const {run} = await connected(t, {'GET /files': {files, after: null}});
  const place = await folder(t);
  await writeFile(join(place, 'tea.png'), 'mine, longer');
  await writeFile(join(place, 'cup.png'), 'cup');
  const {code, stderr} = await run(['files', 'download', place]);
  assert.equal(code, 5);
  assert.match(stderr, /tea\.png: The file here differs/);
  assert.equal(await readFile(join(place, 'tea.png'), 'utf8'), 'mine, longer');
  assert.deepEqual(store.asked, []);
  assert.equal((await run(['files', 'download', place, '--overwrite'])).code, 0);
  assert.equal(await readFile(join(place, 'tea.png'), 'utf8'), 'tea');
});

test('a link in the folder is not followed', async (t) => {
  const store = await storage(t);
  const {run} = await connected(t, {'GET /files': {files: [listedFile(store, 1, 'tea.png', 'tea')], after: null}});
  const place = await folder(t);
  const other = join(await folder(t), 'other');
  await writeFile(other, 'mine');
  await symlink(other, join(place, 'tea.png'));
  assert.equal((await run(['files', 'download', place])).code, 5);
  assert.equal((await run(['files', 'download', place, '--overwrite'])).code, 0);
  assert.equal(await readFile(other, 'utf8'), 'mine');
  assert.ok((await stat(join(place, 'tea.png'))).size === 3);
});

/** Resolves when one of the files that are being downloaded into a folder has so many bytes. */
async function kept(place, bytes) {
  const parts = join(place, '.altera-parts');
  for (let sizes = []; !sizes.includes(bytes);) {
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    const names = await readdir(parts).catch(() => []);
    sizes = await Promise.all(names.map(async (name) => (await stat(join(parts, name)).catch(() => ({}))).size));
  }
}

test('a download that is cut off goes on, and one of another size is no file', async (t) => {
  const store = await storage(t);
  const place = await folder(t);
  const files = [listedFile(store, 1, 'tea.png', 'x'.repeat(10)), listedFile(store, 2, 'cup.png', 'cup', {size: 2})];
  store.next.push(function cut(request, response) {
    if (request.url !== '/1') { // both are asked for at once, in any order
      store.next.push(cut);
      return response.writeHead(200, {'content-length': 3}).end('cup');
    }
    response.writeHead(200, {'content-length': 10});
    return response.write('xxxx', () => kept(place, 4).then(() => response.destroy()));
  });
  const {run} = await connected(t, {'GET /files': {files, after: null}});
  const {code, stderr} = await run(['files', 'download', place]);
  assert.equal(code, 5);
  assert.match(stderr, /cup\.png: It has 3 bytes, and not 2\./);
  assert.equal(await readFile(join(place, 'tea.png'), 'utf8'), 'x'.repeat(10));
  assert.ok(store.asked.some(([url, from]) => url === '/1' && from === '4'), 'it went on');
});

test('after Ctrl-C a download goes on with what is there, and what failed is asked for again', async (t) => {
  const store = await storage(t);
  const place = await folder(t);
  const files = [listedFile(store, 1, 'tea.png', 'x'.repeat(10))];
  const interruption = new AbortController();
  store.next.push((request, response) => {
    response.writeHead(200, {'content-length': 10});
    response.write('xxxx', () => kept(place, 4).then(() => interruption.abort()));
  }, 404);
  const {run, api} = await connected(t, {'GET /files': {files, after: null}});
  assert.equal((await run(['files', 'download', place], {signal: interruption.signal})).code, 130);
  assert.equal((await run(['files', 'download', place])).code, 5);
  assert.equal((await run(['files', 'download', place, '--since-last'])).code, 0);
  assert.deepEqual(api.calls.at(-1).query, {});
  assert.deepEqual(store.asked, [['/1', '4']]);
  assert.equal(await readFile(join(place, 'tea.png'), 'utf8'), 'x'.repeat(10));
  assert.deepEqual((await readdir(place)).sort(), ['.altera-files.json', 'index.xlsx', 'tea.png']);
});

test('the folder of one shop takes no files of another, nor replaces a table of the user', async (t) => {
  const {run} = await connected(t, {'GET /files': {files: [], after: null}});
  const place = await folder(t);
  await writeFile(join(place, 'index.xlsx'), 'mine');
  assert.equal((await run(['files', 'download', place])).code, 2);
  await writeFile(join(place, '.altera-files.json'), JSON.stringify({shop: 'bob.myshopify.com', since: null, files: {}}));
  const {code, stderr} = await run(['files', 'download', place, '--overwrite']);
  assert.equal(code, 1);
  assert.match(stderr, /has the files of\s+bob\.myshopify\.com/);
});

test('an address that is not encrypted is not used for a server elsewhere', async (t) => {
  const {storageOf} = await import('../src/storage.js');
  const {signal} = new AbortController();
  const storage = storageOf({env: {}, signal, url: 'https://altera.example.com'});
  for (const way of [storage.fetch, storage.post]) {
    await assert.rejects(way('http://example.com/a'), /does not begin with https/);
    await assert.rejects(way('file:///etc/passwd'), /does not begin with https/);
  }
});

test('a report is text to a spreadsheet, and is read as it was written', () => {
  const rows = [['=1+1', 'a,"b"', 'c\nd'], ['-', '', 'x']];
  assert.equal(toCsv(rows), '\ufeff\'=1+1,"a,""b""","c\nd"\r\n\'-,,x\r\n');
  assert.deepEqual(fromCsv('a\tb\r\n"1\t2"\t3'), [['a', 'b'], ['1\t2', '3']]);
});

test('on a terminal the names of the files stand below one bar', async (t) => {
  const store = await storage(t);
  const {run} = await connected(t, uploading(store));
  const place = await folder(t);
  await writeFile(join(place, 'tea.png'), 'tea');
  const {stderr} = await run(['files', 'upload', place], {tty: true, columns: 80});
  assert.match(stderr, /\[-+\] 0 bytes of 3 bytes, 0 of 1 files\n\r\u001b\[K {2}.*tea\.png\u001b\[1A/);
  assert.match(stderr, /\r\u001b\[JUploaded 1 file/);
});
