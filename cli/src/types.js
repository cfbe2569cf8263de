/** The 19 data types by the API's names, with the other names that their sheets and files go by. */
import {usageError} from './errors.js';
import {didYouMean} from './suggest.js';

export const TYPES = {
  products: ['product'],
  collections: ['collection', 'smart collections', 'custom collections', 'manual collections'],
  customers: ['customer'],
  orders: ['order'],
  discounts: ['discount'],
  articles: ['article', 'blog posts', 'blog post'],
  catalogs: ['catalog'],
  companies: ['company'],
  draft_orders: ['draft order'],
  files: ['file'],
  menus: ['menu'],
  metaobjects: ['metaobject'],
  pages: ['page'],
  redirects: ['redirect'],
  shop: [],
  metafield_definitions: ['metafield definition'],
  metaobject_definitions: ['metaobject definition'],
  events: ['event', 'activity'],
  payouts: ['payout'],
};

export const EXPORT_ONLY = ['events', 'payouts'];

// Ordinary words, often in a file's name beside the type that it holds: `shop-products.csv`.
const ORDINARY = ['shop', 'files'];

const words = (text) => text.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);
const NAMES = Object.entries(TYPES).flatMap(([type, others]) =>
  [type, ...others].map((name) => ({type, words: words(name)})));

/** The type called so, in any of its names and spellings (`draft-orders`, `Blog Posts`); or null. */
export function typeNamed(text) {
  const wanted = words(text).join(' ');
  return NAMES.find((name) => name.words.join(' ') === wanted)?.type ?? null;
}

/** The same, or a sentence that there is none. */
export function typeCalled(text) {
  const type = typeNamed(text);
  if (type) return type;
  const types = Object.keys(TYPES);
  throw usageError(`There is no data type “${text}”.${didYouMean(text, types)} ` +
    `The types are ${types.join(', ')}.`);
}

/** The one type that a file's name speaks of (`my-redirects.csv`), or null. A longer name wins. */
export function typeInFileName(fileName) {
  const inName = words(fileName.replace(/\.[^.]*$/, ''));
  const found = NAMES.flatMap((name) =>
    inName.flatMap((_, start) => {
      const end = start + name.words.length;
      const here = inName.slice(start, end).join(' ') === name.words.join(' ');
      return here ? [{type: name.type, start, end}] : [];
    }));
  const longest = found.filter((a) => !found.some((b) =>
    b.start <= a.start && b.end >= a.end && b.end - b.start > a.end - a.start));
  const types = [...new Set(longest.map(({type}) => type))];
  const telling = types.length > 1 ? types.filter((type) => !ORDINARY.includes(type)) : types;
  return telling.length === 1 ? telling[0] : null;
}
