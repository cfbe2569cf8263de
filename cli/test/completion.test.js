import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {test} from 'node:test';

import {COMMANDS} from '../src/commands/index.js';
import {TYPES} from '../src/types.js';
import {folder, person} from './helpers.js';

/** What bash offers behind these words, the last of which is not complete. */
async function offered(t, script, ...words) {
  const place = await folder(t);
  await writeFile(join(place, 'altera.bash'), script);
  await writeFile(join(place, 'tea.csv'), '');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const program = `source ./altera.bash; compopt() { :; }
    COMP_WORDS=(altera ${quoted}); COMP_CWORD=${words.length}; _altera; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', program], {cwd: place, encoding: 'utf8'})
    .split('\n').filter(Boolean);
}

test('bash completes commands, options, values and files', async (t) => {
  const {run} = await person(t);
  const script = (await run(['completion', 'bash'])).stdout;
  const at = (...words) => offered(t, script, ...words);

  assert.deepEqual(await at('sh'), ['shop']);
  assert.deepEqual(await at('shop', ''), ['add', 'test', 'list', 'use', 'remove']);
  assert.deepEqual(await at('--json', 'export', 'c'), ['create']);
  assert.deepEqual(await at('export', 'create', ''), Object.keys(TYPES));
  assert.deepEqual(await at('export', 'create', 'products', 'men'), ['menus']);
  assert.deepEqual(await at('export', 'create', '--fo'), ['--format']);
  assert.deepEqual(await at('export', 'create', '--format', ''), ['csv', 'xlsx', 'jsonl']);
  assert.deepEqual(await at('import', 'create', 't'), ['tea.csv']);
  assert.deepEqual(await at('import', 'create', 'tea.csv', '--type', 'redi'), ['redirects']);
  assert.deepEqual(await at('import', 'create', '--results', 't'), ['tea.csv']);
  assert.deepEqual(await at('job', 'list', '--status', 'c'), ['completed', 'canceled']);
  assert.deepEqual(await at('completion', ''), ['bash', 'zsh', 'fish']);
  assert.deepEqual(await at('shop', 'test', '--url', ''), []);
});

test('each shell is told every command and option', async (t) => {
  const {run} = await person(t);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const {code, stdout} = await run(['completion', shell]);
    assert.equal(code, 0);
    for (const [name, {options}] of Object.entries(COMMANDS)) {
      for (const word of [...name.split(' '), ...Object.keys(options)]) {
        assert.match(stdout, new RegExp(`\\b${word}\\b`), `${shell}: ${word}`);
      }
    }
  }
});
