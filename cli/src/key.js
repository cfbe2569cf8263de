/** What an API key looks like: `altera_` and 46 letters and digits, the last six a checksum. */
import {CliError, EXIT} from './errors.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY = /(?<![0-9A-Za-z])(altera_[0-9A-Za-z]{40})([0-9A-Za-z]{6})(?![0-9A-Za-z])/g;
const INVISIBLE = /\p{Cf}/gu; // zero-width signs and the like, which pages and mail leave behind

/** CRC-32/ISO-HDLC (zlib's) of an ASCII text, as an unsigned number. */
export function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The six base62 characters that end a key: the checksum of all that stands before them. */
export function checksum(text) {
  let rest = crc32(text);
  let digits = '';
  for (let place = 0; place < 6; place += 1) {
    digits = ALPHABET[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** The whole keys within a text, each once, whatever stands around and between their letters. */
export function keysIn(text) {
  const readings = ['', ' '].map((sign) => text.replace(INVISIBLE, sign));
  const found = readings.flatMap((reading) => [...reading.matchAll(KEY)]);
  return [...new Set(found.filter(([, body, sum]) => checksum(body) === sum).map(([key]) => key))];
}

/** The key within a text such as `Bearer altera_…`, or a sentence why there is none. */
export function checkedKey(text) {
  const [key, other] = keysIn(text);
  if (other) throw new CliError('That contains more than one key. Paste only one.', EXIT.key);
  if (key) return key;
  throw new CliError(
    'That is not a complete Altera key (altera_ and 46 letters and digits). ' +
      'Copy it again from Settings > API Keys.',
    EXIT.key);
}
