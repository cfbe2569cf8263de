import assert from 'node:assert/strict';
import {test} from 'node:test';

import {checkedKey, checksum, crc32} from '../src/key.js';

const BODY = 'altera_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcd';

test('the checksum is zlib’s CRC-32 in six base62 digits', () => {
  assert.equal(crc32('123456789'), 0xcbf43926);
  assert.equal(checksum('123456789'), '3jZRME');
  assert.equal(checksum(''), '000000');
});

test('a whole key passes, without the spaces around it', () => {
  const key = BODY + checksum(BODY);
  assert.equal(key.length, 53);
  assert.equal(checkedKey(`  ${key}\r\n`), key);
});

test('a key that was changed, shortened or swapped in two places is caught', () => {
  const key = BODY + checksum(BODY);
  const swapped = key.replace('AB', 'BA');
  for (const wrong of ['', 'altera_', key.slice(0, -1), `${key}x`, swapped, key.toLowerCase(),
    key.replace('altera_', 'altero_'), `${key} ${key}`]) {
    assert.throws(() => checkedKey(wrong), {exit: 3, message: /not a complete Altera key/});
  }
});

test('the sentence about a wrong key does not repeat it', () => {
  const key = `${BODY}000000`;
  assert.throws(() => checkedKey(key), ({message}) => !message.includes('0123'));
});
