import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';

import {COMMANDS, GLOBAL, groups} from '../src/commands/index.js';
import {person} from './helpers.js';

const README = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const NAMES = Object.keys(COMMANDS);

test('the help names every command, and each group its own', async (t) => {
  const {run} = await person(t);
  for (const words of [[], ['--help'], ['-h']]) {
    const {code, stdout} = await run(words);
    assert.equal(code, 0);
    for (const name of NAMES) assert.ok(stdout.includes(`altera ${name}`), name);
    assert.match(stdout, /-h, --help /);
  }
  for (const group of groups()) {
    const {stdout} = await run([group, '--help']);
    for (const name of NAMES) {
      assert.equal(stdout.includes(`  altera ${name}`), name.startsWith(`${group} `), name);
    }
  }
});

for (const name of NAMES) {
  test(`altera ${name} --help explains its options, and the README names it`, async (t) => {
    const {run} = await person(t);
    const {code, stdout, stderr} = await run([...name.split(' '), '--help']);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.ok(stdout.startsWith(`altera ${name}`));
    for (const option of Object.keys({...COMMANDS[name].options, ...GLOBAL})) {
      assert.ok(stdout.includes(`--${option}`), option);
    }
    assert.match(stdout, /\n\nExamples\n {2}(\S.* )?altera /);
    assert.ok(README.includes(`altera ${name}`));
  });
}

test('the help keeps to the width of the terminal, and to a hundred columns elsewhere', async (t) => {
  const {run} = await person(t);
  for (const words of [[], ['shop'], ...NAMES.map((name) => name.split(' '))]) {
    for (const [columns, tty] of [[72, true], [100, false]]) {
      const {stdout} = await run([...words, '--help'], {tty, columns, env: {NO_COLOR: '1'}});
      const prose = stdout.split('\n').filter((line) => !/^ {2}.*(altera|--)/.test(line));
      for (const line of prose) assert.ok(line.length <= columns, line);
    }
  }
});

test('headings are bold on a terminal, unless NO_COLOR is set', async (t) => {
  const {run} = await person(t);
  const env = {TERM: 'xterm-256color'};
  assert.match((await run([], {tty: true, env})).stdout, /\u001b\[1mCommands\u001b\[0m/);
  for (const how of [{tty: true, env: {...env, NO_COLOR: '1'}}, {env}, {tty: true, env: {TERM: 'dumb'}}]) {
    assert.doesNotMatch((await run([], how)).stdout, /\u001b/);
  }
});

test('help and version are commands too', async (t) => {
  const {run} = await person(t);
  for (const words of [[], ['shop'], ['export', 'create'], ['doctor']]) {
    assert.deepEqual(await run(['help', ...words]), await run([...words, '--help']));
  }
  assert.equal((await run(['version'])).stdout, (await run(['--version'])).stdout);
  assert.deepEqual(Object.keys(JSON.parse((await run(['version', '--json'])).stdout)), ['version']);
});

test('with --json an error is a problem, as those of the API are', async (t) => {
  const {run} = await person(t);
  for (const [words, code, word] of [
    [['shp', '--json'], 2, 'usage_error'],
    [['--json', 'shop', 'test', '--nonsense'], 2, 'usage_error'],
    [['shop', 'test', '--json'], 3, 'key_missing'],
  ]) {
    const done = await run(words);
    const {type, title, code: named, detail} = JSON.parse(done.stderr);
    assert.deepEqual([done.code, done.stdout, type, named], [code, '', 'about:blank', word]);
    assert.ok(title && detail);
  }
});

test('options may stand before the command', async (t) => {
  const {run} = await person(t);
  assert.equal((await run(['--json', 'shop', 'list'])).stdout, '[]\n');
});

test('--version prints the version of the package', async (t) => {
  const {run} = await person(t);
  assert.match((await run(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('a command that does not exist ends with 2 and the way to the help', async (t) => {
  const {run} = await person(t);
  for (const [words, sentence] of [
    [['shp'], 'There is no command “shp”. Did you mean “shop”? See: altera --help\n'],
    [['frobnicate'], 'There is no command “frobnicate”. See: altera --help\n'],
    [['shop', 'ad', 'x'],
      'There is no command “shop ad”. Did you mean “shop add”? See: altera shop --help\n'],
    [['export', 'products'], 'There is no command “export products”. Did you mean ' +
      '“export create products”? See: altera export --help\n'],
    [['import', 'tea.csv'], 'There is no command “import tea.csv”. Did you mean ' +
      '“import create tea.csv”? See: altera import --help\n'],
    [['help', 'shp'], 'There is no command “shp”. Did you mean “shop”? See: altera --help\n'],
    [['completion', 'csh'],
      'There is no completion for “csh”. It is one of bash, zsh, fish.\n'],
    [['job', 'list', '--status', 'faild'], 'There is no status “faild”. Did you mean “failed”? ' +
      'It is one of queued, running, planning, applying, planned, held, completed, failed, canceled.\n'],
    [['job', 'list', '--limit', '0'], '--limit must be a whole number above 0, not “0”.\n'],
    [['export', 'create', 'prodcts'], /^There is no data type “prodcts”\. Did you mean “products”\?/],
    [['shop', 'test', '--profile', 'a b'], /^“a b” cannot be a profile's name\./],
    [['shop'], 'That command needs another word. See: altera shop --help\n'],
    [['constructor'], 'There is no command “constructor”. See: altera --help\n'],
    [['shop', 'list', 'x'], 'Usage: altera shop list\n'],
    [['shop', 'add'], 'Usage: altera shop add <shop>\n'],
    [['shop', 'add', 'a.b'], '“a.b” is not a shop\'s address. Use its name in the Shopify admin ' +
      '(demo for https://admin.shopify.com/store/demo) or its domain (demo.myshopify.com).\n'],
  ]) {
    const {code, stdout, stderr} = await run(words);
    assert.deepEqual([code, stdout], [2, '']);
    if (sentence instanceof RegExp) assert.match(stderr, sentence);
    else assert.equal(stderr, sentence);
  }
});
