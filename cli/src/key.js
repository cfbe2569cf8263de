/** The form of an API key, known well enough to catch a typing error before anything is sent. */
import {CliError, EXIT} from './errors.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SHAPE = /^(altera_[0-9A-Za-z]{40})([0-9A-Za-z]{6})$/;

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

/** Return the key without the spaces around it, or say that it cannot be one. */
export function checkedKey(text) {
  const key = text.trim();
  const [, body, sum] = SHAPE.exec(key) ?? [];
  if (!body || checksum(body) !== sum) {
    throw new CliError(
      'That is not a complete Altera key (altera_ and 46 letters and digits). ' +
        'Copy it again from Settings > API Keys.',
      EXIT.key,
    );
  }
  return key;
}
