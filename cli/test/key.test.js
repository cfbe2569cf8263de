import assert from 'node:assert/strict';
import {test} from 'node:test';

import {checkedKey, checksum, crc32} from '../src/key.js';

const BODY = 'altera_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd';

test('the checksum is zlib’s CRC-32 in six base62 digits', () => {
  assert.equal(crc32('123456789'), 0xcbf43926);
  assert.equal(checksum('123456789'), '3jZRME');
  assert.equal(checksum(''), '000000');
});

test('a whole key is found in what people paste', () => {
  const key = BODY + checksum(BODY);
  assert.equal(key.length, 53);
  for (const pasted of [`  ${key}\r\n`, `"${key}"`, `'${key}'`, `Bearer ${key}`, `\`${key}\``,
    `Authorization: Bearer ${key}`, `ALTERA_API_KEY=${key}`, `export ALTERA_API_KEY="${key}"`,
    `key:\t${key}.`, `{"key": "${key}"}`, `\u200b${key}\ufeff`, `key\u200b${key}`,
    `${key.slice(0, 20)}\u200b${key.slice(20)}`, `“${key}”`, `${key} ${key}`]) {
    assert.equal(checkedKey(pasted), key, pasted);
  }
});

test('a key that was changed, shortened or swapped in two places is caught', () => {
  const key = BODY + checksum(BODY);
  const swapped = key.replace('AB', 'BA');
  for (const wrong of ['', 'altera_', key.slice(0, -1), `${key}x`, swapped, key.toLowerCase(),
    key.replace('altera_', 'altero_'), `x${key}`, `${key.slice(0, 30)} ${key.slice(30)}`]) {
    assert.throws(() => checkedKey(wrong), {exit: 3, message: /not a complete Altera key/});
  }
});

test('of two keys none is chosen', () => {
  const other = BODY.replace('abcd', 'dcba');
  const both = `${BODY}${checksum(BODY)}\n${other}${checksum(other)}`;
  assert.throws(() => checkedKey(both), {exit: 3, message: /more than one key/});
});

test('the sentence about a wrong key does not repeat it', () => {
  const key = `${BODY}000000`;
  assert.throws(() => checkedKey(key), ({message}) => !message.includes('0123'));
});
