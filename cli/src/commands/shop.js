/** shop …: connect shops, and say which one the other commands speak to. */
import {DEFAULT_URL, readShops, updateShops} from '../config.js';
import {apiFor, connect, keyOf, noKey, urlFor} from '../connection.js';
import {CliError, EXIT} from '../errors.js';
import {readKey} from '../prompt.js';
import {shopDomain} from '../shop.js';
import {table} from '../text.js';

export const shopCommands = {
  'shop add': {
    usage: '<shop>',
    summary: 'Connect a shop: asks for its API key, checks it and keeps it',
    options: {},
    run: add,
  },
  'shop test': {
    usage: '[shop]',
    summary: 'Check the connection, and say what the key may do',
    options: {},
    run: test,
  },
  'shop list': {usage: '', summary: 'List the connected shops', options: {}, run: list},
  'shop use': {
    usage: '<shop>', summary: 'Choose the shop that commands speak to', options: {}, run: use,
  },
  'shop remove': {
    usage: '<shop>', summary: 'Forget a shop and its key', options: {}, run: remove,
  },
};

async function add(context) {
  const {flags, print, say} = context;
  const domain = namedShop(context);
  const {shops} = await readShops(context);
  const url = urlFor(context, shops[domain]);
  const secret = await readKey(context, domain);
  const key = await keyOf(apiFor(context, url, secret), domain);
  await updateShops(context, (kept) => {
    kept.shops[domain] = {url, key: secret, name: key.shop.name};
    kept.current = domain;
  });
  if (flags.json) print(key);
  say(`Connected to ${key.shop.name} (${domain}), the shop now in use.`);
}

async function test(context) {
  const {flags, print} = context;
  const domain = namedShop(context);
  const api = await connect(context, domain);
  const key = domain ? await keyOf(api, domain) : await api.get('/key');
  print(flags.json ? key : describe(key, api.url));
}

async function list(context) {
  const {flags, print, say} = context;
  const kept = await readShops(context);
  const rows = Object.entries(kept.shops).map(([domain, {url, name}]) =>
    ({domain, name, url, current: domain === kept.current}));
  if (flags.json) return print(rows);
  if (!rows.length) return say('No shop is connected. Connect one with: altera shop add <shop>');
  print(table(rows.map(({domain, name, url, current}) =>
    [current ? '*' : ' ', domain, name, url === DEFAULT_URL ? '' : url])));
}

async function use(context) {
  const domain = namedShop(context);
  const {shops} = await updateShops(context, (kept) => {
    demandKept(domain, kept.shops);
    kept.current = domain;
  });
  context.say(`Now using ${shops[domain].name} (${domain}).`);
}

async function remove(context) {
  const domain = namedShop(context);
  const {current} = await updateShops(context, (kept) => {
    demandKept(domain, kept.shops);
    delete kept.shops[domain];
    const left = Object.keys(kept.shops);
    if (kept.current === domain) kept.current = left.length === 1 ? left[0] : null;
  });
  context.say(`Removed ${domain} and its key from this computer.${
    current ? ` Now using ${current}.` : ''} The key still works until it is deleted in Altera.`);
}

/** The shop given as argument or with --shop, if any. */
function namedShop({args, flags}) {
  const domains = [...args, ...(flags.shop === undefined ? [] : [flags.shop])].map(shopDomain);
  if (new Set(domains).size > 1) {
    throw new CliError(`Name one shop: ${domains[0]} or ${domains[1]}.`, EXIT.usage);
  }
  return domains[0] ?? null;
}

function demandKept(domain, shops) {
  if (!Object.hasOwn(shops, domain)) throw noKey(domain, shops);
}

function describe({shop, name, preview, permissions, expires_at: expires}, url) {
  return `The connection to ${shop.domain} works.\n${table([
    ['Shop', shop.name],
    ['Key', `${name} (${preview})`],
    ['Expires', expires ?? 'never'],
    ['May export', permissions.export.join(', ') || 'nothing'],
    ['May import', permissions.import.join(', ') || 'nothing'],
    ['Server', url],
  ])}`;
}
