/** Which server, which key, which shop: from the arguments, the environment and the kept shops. */
import {Api} from './api.js';
import {DEFAULT_URL, readShops} from './config.js';
import {CliError, EXIT} from './errors.js';
import {checkedKey} from './key.js';
import {serverUrl, shopDomain} from './shop.js';

/** The server's address: --url, else ALTERA_URL, else the one kept with the shop. */
export const urlFor = ({flags, env}, kept) =>
  serverUrl(flags.url ?? (env.ALTERA_URL || kept?.url || DEFAULT_URL));

export const apiFor = ({signal, say}, url, key) => new Api({url, key, signal, say});

/**
 * An Api for the shop that the command speaks of: `asked` (a domain) or --shop, else the one in
 * use. A key in ALTERA_API_KEY goes before the kept ones; it must then be of the asked shop.
 */
export async function connect(context, asked = null) {
  const domain = asked ?? (context.flags.shop === undefined ? null : shopDomain(context.flags.shop));
  const {current, shops} = await readShops(context);
  const kept = shops[domain ?? current];
  if (context.env.ALTERA_API_KEY) {
    const key = checkedKey(context.env.ALTERA_API_KEY);
    const api = apiFor(context, urlFor(context, kept), key);
    if (domain) await keyOf(api, domain);
    return api;
  }
  if (!kept) throw noKey(domain, shops);
  return apiFor(context, urlFor(context, kept), checkedKey(kept.key));
}

/** What `GET /key` says, once it is sure that the key is the shop's own. */
export async function keyOf(api, domain) {
  const key = await api.get('/key');
  if (key.shop?.domain !== domain) {
    throw new CliError(
      `This is a key of ${key.shop?.domain}, not of ${domain}. ` +
        `Create one in ${domain} under Settings > API Keys.`,
      EXIT.key);
  }
  return key;
}

export function noKey(domain, shops) {
  if (domain) {
    return new CliError(
      `No key is kept for ${domain}. Connect it with: altera shop add ${domain}`, EXIT.key);
  }
  if (Object.keys(shops).length) {
    return new CliError(
      'Several shops are connected. Name one with --shop, or choose with: altera shop use <shop>',
      EXIT.usage);
  }
  return new CliError(
    'No shop is connected. Connect one with: altera shop add <shop>.myshopify.com', EXIT.key);
}
