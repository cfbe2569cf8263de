/** shop …: connect shops, and say which one the other commands speak to. */
import {DEFAULT_URL, domainOf, readShops, settingsFolder, updateShops} from '../config.js';
import {apiFor, connect, entryFor, keyOf, noKey, urlFor, wanted} from '../connection.js';
import {usageError} from '../errors.js';
import {readKey} from '../prompt.js';
import {fullTime} from '../text.js';

const ARGUMENT = {argument: true}; // the shop may be named as the command's argument

export const shopCommands = {
  'shop add': {
    usage: '<shop>',
    summary: 'Connect a shop: asks for its API key, checks it and saves it',
    options: {},
    examples: [
      'altera shop add mystore',
      'altera shop add https://admin.shopify.com/store/mystore',
      'altera shop add mystore --profile backup',
      'pass show altera | altera shop add mystore',
    ],
    run: add,
  },
  'shop test': {
    usage: '[shop]',
    summary: 'Check the connection and show what the key may do',
    options: {},
    examples: ['altera shop test', 'altera shop test mystore'],
    run: test,
  },
  'shop list': {
    usage: '', summary: 'List the connected shops', options: {}, examples: ['altera shop list'],
    run: list,
  },
  'shop use': {
    usage: '[shop]', summary: 'Choose the shop that commands use', options: {},
    examples: ['altera shop use mystore', 'altera shop use --profile backup'],
    run: use,
  },
  'shop remove': {
    usage: '[shop]', summary: 'Remove a shop and its key from this computer', options: {},
    examples: ['altera shop remove mystore', 'altera shop remove --profile backup'],
    run: remove,
  },
};

async function add(context) {
  const {flags, print, say} = context;
  const {shop: domain, profile} = wanted(context, ARGUMENT);
  const name = profile ?? domain;
  const {shops} = await readShops(context);
  const ofShop = Object.entries(shops).find(([other, entry]) => domainOf(other, entry) === domain);
  const url = urlFor(context, shops[name] ?? ofShop?.[1]);
  await settingsFolder(context); // before anybody pastes a key that cannot be kept
  const secret = await readKey(context, domain);
  const key = await keyOf(apiFor(context, url, secret), domain);
  await updateShops(context, (kept) => {
    kept.shops[name] = {
      url, key: secret, name: key.shop.name, ...(profile && {shop: domain}),
    };
    kept.current = name;
  });
  if (flags.json) print(key);
  say(`Connected to ${key.shop.name} (${titleOf(name, {shop: profile && domain})}). ` +
    'Commands now use it.');
}

/** What a key that does not see all personal data sees in its place. */
const SEEN = {replaced: 'replaced by stand-in values', none: 'none'};

async function test(context) {
  const {flags, print, printTable, write, paint} = context;
  const api = await connect(context, ARGUMENT);
  const key = api.shop ? await keyOf(api, api.shop) : await api.get('/key');
  if (flags.json) return print(key);
  print(`The connection to ${key.shop.domain} works.`);
  printTable([
    ['Shop', key.shop.name],
    ['Key', `${key.name} (${key.preview})`],
    ...(api.profile ? [['Profile', api.profile]] : []),
    ['Expires', key.expires_at ? fullTime(key.expires_at) : 'never'],
    ['May export', key.permissions.export.join(', ') || 'nothing'],
    ['May import', key.permissions.import.join(', ') || 'nothing'],
    ...(SEEN[key.personal_data] ? [['Personal data', SEEN[key.personal_data]]] : []),
    ['Server', api.url],
  ], {style: LABELS});
}

async function list(context) {
  const {flags, print, printTable, say} = context;
  const kept = await readShops(context);
  const rows = Object.entries(kept.shops).map(([name, entry]) => ({
    domain: domainOf(name, entry), profile: entry.shop ? name : null, name: entry.name,
    url: entry.url, current: name === kept.current,
  }));
  if (flags.json) return print(rows);
  if (!rows.length) return say('No shop is connected. Connect one with: altera shop add <shop>');
  const style = (row, column) => rows[row].current ? 'green' : column === 3 ? 'dim' : '';
  printTable(rows.map(({domain, profile, name, url, current}) => [
    current ? '*' : ' ', profile ? `${domain} (${profile})` : domain, name,
    url === DEFAULT_URL ? '' : url,
  ]), {style});
}

async function use(context) {
  let [domain, entry] = ['', null];
  await updateShops(context, (kept) => {
    const name = demandNamed(context, kept);
    kept.current = name;
    [domain, entry] = [titleOf(name, kept.shops[name]), kept.shops[name]];
  });
  context.say(`Now using ${entry.name} (${domain}).`);
}

async function remove(context) {
  let title = '';
  const {current, shops} = await updateShops(context, (kept) => {
    const name = demandNamed(context, kept);
    title = titleOf(name, kept.shops[name]);
    delete kept.shops[name];
    const left = Object.keys(kept.shops);
    if (kept.current === name) kept.current = left.length === 1 ? left[0] : null;
  });
  context.say(`Removed ${title} and its key from this computer.${
    current ? ` Now using ${titleOf(current, shops[current])}.` : ''} ` +
    'The key itself works until it is deleted in Altera.');
}

/** The name of the entry that the command speaks of, which must be named. */
function demandNamed(context, kept) {
  const wants = wanted(context, ARGUMENT);
  if (!wants.typed) throw usageError('Name a shop, or a profile with --profile. See: altera shop list');
  const name = entryFor(wants, kept);
  if (name === null) throw noKey(wants.shop, kept.shops);
  return name;
}

const titleOf = (name, {shop}) => shop ? `${shop}, profile ${name}` : name;

/** The first column of a list of facts. */
export const LABELS = (row, column) => column === 0 ? 'dim' : '';
