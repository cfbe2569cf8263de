/** Which shop and which server: the forms people type, brought to the one form we keep. */
import {CliError, EXIT} from './errors.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const ADDRESS = /^(?:https:\/\/)?([a-z0-9][a-z0-9-]{0,62})\.myshopify\.com\/?$/;
const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/** `demo`, `demo.myshopify.com` or `https://demo.myshopify.com/` → `demo.myshopify.com`. */
export function shopDomain(text) {
  const typed = text.trim().toLowerCase();
  const name = NAME.test(typed) ? typed : ADDRESS.exec(typed)?.[1];
  if (!name) {
    throw new CliError(
      `“${text}” is not a shop's address. Use the one that ends in .myshopify.com, ` +
        'for example demo.myshopify.com.',
      EXIT.usage,
    );
  }
  return `${name}.myshopify.com`;
}

/** The server's base URL without a slash at its end; a key never travels in clear over a network. */
export function serverUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.search || url.hash) {
    throw new CliError(
      `“${text}” is not a server's address. Use one like https://altera.example.com.`, EXIT.usage);
  }
  if (url.username || url.password) {
    throw new CliError('Leave the user name and password out of the address.', EXIT.usage);
  }
  if (url.protocol === 'http:' && !LOCAL.includes(url.hostname)) {
    throw new CliError(
      `Use https for ${url.host}: over http anyone on the way could read the key.`, EXIT.usage);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
