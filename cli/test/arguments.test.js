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
    assert.match(stdout, /--help, -h /);
  }
  for (const group of groups()) {
    const {stdout} = await run([group, '--help']);
    for (const name of NAMES) {
      assert.equal(stdout.includes(`altera ${name}`), name.startsWith(`${group} `), name);
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
    assert.ok(README.includes(`altera ${name}`));
  });
}

test('no line of the help is wider than a hundred characters', async (t) => {
  const {run} = await person(t);
  for (const words of [[], ...NAMES.map((name) => name.split(' '))]) {
    const {stdout} = await run([...words, '--help']);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
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
    [['shp'], 'There is no command “shp”. See: altera --help\n'],
    [['shop', 'ad', 'x'], 'There is no command “shop ad”. See: altera shop --help\n'],
    [['shop'], 'Say what to do with it. See: altera shop --help\n'],
    [['constructor'], 'There is no command “constructor”. See: altera --help\n'],
    [['shop', 'list', 'x'], 'Use it as: altera shop list\n'],
    [['shop', 'add'], 'Use it as: altera shop add <shop>\n'],
    [['shop', 'add', 'a.b'], '“a.b” is not a shop\'s address. Use the one that ends in ' +
      '.myshopify.com, for example demo.myshopify.com.\n'],
  ]) {
    assert.deepEqual(await run(words), {code: 2, stdout: '', stderr: sentence});
  }
});
