import assert from 'node:assert/strict';
import {test} from 'node:test';

import {serverUrl, shopDomain} from '../src/shop.js';
import {TYPES, typeCalled, typeInFileName} from '../src/types.js';

test('a shop is known by its name, its domain or its address', () => {
  for (const typed of ['demo', 'Demo', ' demo.myshopify.com ', 'https://demo.myshopify.com/',
    'https://demo.myshopify.com/admin', 'demo.myshopify.com/admin/products?query=tea',
    'https://admin.shopify.com/store/demo', 'admin.shopify.com/store/demo/settings/domains',
    'http://demo.myshopify.com', '"https://demo.myshopify.com"', '<https://demo.myshopify.com/>']) {
    assert.equal(shopDomain(typed), 'demo.myshopify.com', typed);
  }
});

test('what is not a shop is refused', () => {
  for (const typed of ['', 'demo.com', 'demo.myshopify.com.evil.com', 'https://evil.com/demo.myshopify.com', 'a b', '-demo', '../demo', 'https://admin.shopify.com/',
    'https://admin.shopify.com/store/', 'https://admin.shopify.com.evil.com/store/demo',
    'ftp://demo.myshopify.com', 'https://admin.shopify.com/themes/demo',
    'https://demo@evil.com', 'demo.myshopify.com:8000']) {
    assert.throws(() => shopDomain(typed), {exit: 2, message: /not a shop's address/}, typed);
  }
});

test('a server is https, or on this machine', () => {
  assert.equal(serverUrl('https://altera.example.com/'), 'https://altera.example.com');
  assert.equal(serverUrl('https://example.com/altera/'), 'https://example.com/altera');
  assert.equal(serverUrl('http://localhost:8000'), 'http://localhost:8000');
  assert.equal(serverUrl('http://[::1]:8000/'), 'http://[::1]:8000');
});

test('a server that would show the key to the network is refused', () => {
  assert.throws(() => serverUrl('http://altera.example.com'), {exit: 2, message: /Use https/});
  assert.throws(() => serverUrl('http://localhost.example.com'), {exit: 2});
  assert.throws(() => serverUrl('http://127.0.0.1.example.com'), {exit: 2});
  for (const typed of ['altera.example.com', 'ftp://a.example', 'localhost:8000', '', 'https://',
    'https://a.example/?x=1', 'https://me:secret@a.example']) {
    assert.throws(() => serverUrl(typed), {exit: 2}, typed);
  }
});

test('there are nineteen types, called by any of their names', () => {
  assert.equal(Object.keys(TYPES).length, 19);
  for (const type of Object.keys(TYPES)) assert.equal(typeCalled(type), type);
  assert.equal(typeCalled('Blog Posts'), 'articles');
  assert.equal(typeCalled('draft-orders'), 'draft_orders');
  assert.throws(() => typeCalled('prodcts'), {exit: 2, message: /no data type “prodcts”.*products,/});
  assert.throws(() => typeCalled('constructor'), {exit: 2});
});

for (const [file, type] of [
  ['products.csv', 'products'],
  ['Products.CSV', 'products'],
  ['my-redirects.csv', 'redirects'],
  ['shopify-products.csv', 'products'],
  ['products (1).csv', 'products'],
  ['products_2026-10-01.xlsx', 'products'],
  ['Blog Posts.csv', 'articles'],
  ['Custom Collections.csv', 'collections'],
  ['Smart Collections.csv', 'collections'],
  ['draft_orders.csv', 'draft_orders'],
  ['Draft Orders.xlsx', 'draft_orders'],
  ['Metafield Definitions.csv', 'metafield_definitions'],
  ['shop-products.csv', 'products'],
  ['shop.csv', 'shop'],
  ['files.csv', 'files'],
  ['orders-and-products.csv', null],
  ['myproducts.csv', null],
  ['export.xlsx', null],
  ['.csv', null],
]) {
  test(`${file} holds ${type ?? 'nobody knows what'}`, () => {
    assert.equal(typeInFileName(file), type);
  });
}
