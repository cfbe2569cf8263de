/** Which shop and which server: the forms people type, brought to the one form we keep. */
import {usageError} from './errors.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const DOMAIN = /^([a-z0-9][a-z0-9-]{0,62})\.myshopify\.com$/;
const ADMIN = 'admin.shopify.com'; // the shop's name is in the path: /store/<name>
const PROFILE = /^[a-z0-9][a-z0-9_-]{0,39}$/i;
const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

/**
 * `demo`, `demo.myshopify.com/admin`, `https://admin.shopify.com/store/demo/products` and the like
 * → `demo.myshopify.com`.
 */
export function shopDomain(text) {
  const typed = text.trim().replace(/^["'“”‘’<`]+|["'“”‘’>`]+$/g, '').toLowerCase();
  const name = NAME.test(typed) ? typed : nameInAddress(typed);
  if (name) return `${name}.myshopify.com`;
  throw usageError(
    `“${text}” is not a shop's address. Use its name in the Shopify admin (demo for ` +
      'https://admin.shopify.com/store/demo) or its domain (demo.myshopify.com).');
}

function nameInAddress(typed) {
  const address = typed.includes('://') ? typed : `https://${typed}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.port) return null;
  const name = url.hostname === ADMIN
    ? /^\/store\/([^/]+)(?:\/|$)/.exec(url.pathname)?.[1]
    : DOMAIN.exec(url.hostname)?.[1];
  return NAME.test(name ?? '') ? name : null;
}

/** A profile's name as it was typed; null for none. No domain is one: those have dots. */
export function profileName(text) {
  if (text === undefined) return null;
  if (PROFILE.test(text)) return text;
  throw usageError(
    `“${text}” cannot be a profile's name. Use up to 40 letters, digits, - and _.`);
}

/** The server's base URL without a slash at its end; a key never travels in clear over a network. */
export function serverUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.search || url.hash) {
    throw usageError(
      `“${text}” is not a server's address. Use one like https://altera.example.com.`);
  }
  if (url.username || url.password) {
    throw usageError('Leave the user name and password out of the address.');
  }
  if (url.protocol === 'http:' && !isLocal(url)) {
    throw usageError(
      `Use https for ${url.host}: over http, others on the network could read the key.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Whether an address is on this machine. */
export const isLocal = ({hostname}) => LOCAL.includes(hostname);
