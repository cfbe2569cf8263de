/** Which server, which key, which shop: from the arguments, the environment and the kept shops. */
import {Api} from './api.js';
import {DEFAULT_URL, domainOf, readShops} from './config.js';
import {CliError, EXIT, usageError} from './errors.js';
import {checkedKey} from './key.js';
import {profileName, serverUrl, shopDomain} from './shop.js';
import {didYouMean} from './suggest.js';
import {WorkloadKeys, workloadOf} from './workload.js';

/** The server's address: --url, else ALTERA_URL, else the one kept with the shop. */
export function urlFor({flags, env}, kept) {
  const url = flags.url ?? (env.ALTERA_URL || kept?.url || DEFAULT_URL);
  if (url) return serverUrl(url);
  throw usageError('Name the server with --url <address>. Altera shows its address ' +
    'under Settings > API Keys.');
}

export const apiFor = ({env, signal, say}, url, key) => new Api({url, key, env, signal, say});

/**
 * What the command speaks of: {shop: a domain or null, profile: a name or null}. What is typed goes
 * before ALTERA_SHOP and ALTERA_PROFILE.
 */
export function wanted({args, flags, env}, {argument = false} = {}) {
  const named = argument ? args[0] : undefined;
  const typed = [named, flags.shop].filter((text) => text !== undefined).map(shopDomain);
  if (new Set(typed).size > 1) {
    throw usageError(`Two shops are named: ${typed[0]} and ${typed[1]}. Choose one.`);
  }
  if (typed.length || flags.profile !== undefined) {
    return {shop: typed[0] ?? null, profile: profileName(flags.profile), typed: true};
  }
  return {
    shop: env.ALTERA_SHOP ? shopDomain(env.ALTERA_SHOP) : null,
    profile: profileName(env.ALTERA_PROFILE || undefined),
    typed: false,
  };
}

/** The name of the kept entry that is wanted, or of the one in use; null when there is none. */
export function entryFor({shop, profile}, {current, shops}) {
  if (profile) {
    if (!Object.hasOwn(shops, profile)) {
      const profiles = Object.keys(shops).filter((name) => shops[name].shop);
      throw new CliError(`There is no profile “${profile}”.${didYouMean(profile, profiles)} ` +
        `Add it with: altera shop add ${shop ?? '<shop>'} --profile ${profile}`, EXIT.key);
    }
    const domain = domainOf(profile, shops[profile]);
    if (shop && domain !== shop) throw usageError(`The profile ${profile} is for ${domain}.`);
    return profile;
  }
  if (!shop) return current;
  if (Object.hasOwn(shops, shop)) return shop;
  const profiles = Object.keys(shops).filter((name) => shops[name].shop === shop);
  if (profiles.length > 1) {
    throw usageError(`Name a profile of ${shop} with --profile: ${profiles.join(', ')}.`);
  }
  return profiles[0] ?? null;
}

/**
 * An Api for the shop that the command speaks of, with `shop`, its domain where that is known. A
 * key in ALTERA_API_KEY goes before those of ALTERA_WORKLOAD, and these before the kept ones, but
 * not before a profile that is typed; it must be of the shop that is named.
 */
export async function connect(context, options) {
  const kept = await readShops(context);
  const wants = wanted(context, options);
  if (context.env.ALTERA_API_KEY && !(wants.typed && wants.profile)) {
    const entry = entryOrNull(wants, kept);
    const api = apiFor(context, urlFor(context, kept.shops[entry]),
      checkedKey(context.env.ALTERA_API_KEY));
    const shop = wants.profile && entry ? domainOf(entry, kept.shops[entry]) : wants.shop;
    if (shop) await keyOf(api, shop);
    return Object.assign(api, {shop, source: 'ALTERA_API_KEY'});
  }
  const workload = wants.typed && wants.profile ? null : workloadOf(context.env);
  if (workload) {
    const keys = new WorkloadKeys(context, workload);
    const api = new Api({...context, url: workload.url, keys});
    const {shop} = wants;
    if (shop) await keyOf(api, shop);
    return Object.assign(api, {shop, source: 'ALTERA_WORKLOAD'});
  }
  const name = entryFor(wants, kept);
  if (name === null) throw noKey(wants.shop, kept.shops);
  const entry = kept.shops[name];
  const shop = domainOf(name, entry);
  const url = urlFor(context, entry);
  demandSameOrigin(context, shop, entry, url);
  const api = apiFor(context, url, checkedKey(entry.key));
  return Object.assign(api, {shop, profile: entry.shop ? name : null, source: 'shops.json'});
}

/** An entry that knows the server of what is wanted, or null. */
const entryOrNull = ({shop, profile}, {current, shops}) => {
  if (profile) return Object.hasOwn(shops, profile) ? profile : null;
  return shop ? Object.keys(shops).find((name) => domainOf(name, shops[name]) === shop) ?? null
    : current;
};

/** A kept key goes to the server that it was added for, and to no other. */
function demandSameOrigin({flags}, shop, entry, url) {
  if (new URL(url).origin === new URL(entry.url).origin) return;
  const source = flags.url === undefined ? 'ALTERA_URL' : '--url';
  throw new CliError(
    `The key for ${shop} was added for ${entry.url} and is not sent to ${url} (${source}). ` +
      `To use that server, connect the shop to it: altera shop add ${shop} --url ${url}`,
    EXIT.key);
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
      `No key is saved for ${domain}. Connect it with: altera shop add ${domain}`, EXIT.key);
  }
  if (Object.keys(shops).length) {
    return usageError('Several shops are connected. Choose one with --shop, or for all commands ' +
      'with: altera shop use <shop>');
  }
  return new CliError(
    'No shop is connected. Connect one with: altera shop add <shop>', EXIT.key);
}
