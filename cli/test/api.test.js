import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ABOUT_KEY, connected, problem} from './helpers.js';

const busy = (status, headers) => problem(status, 'rate_limited', 'Too many calls.', headers);

test('a server that asks to wait is asked again', async (t) => {
  const soon = {'retry-after': '0'};
  const past = {'retry-after': new Date(0).toUTCString()};
  const {run, api} = await connected(t, {
    'GET /key': [ABOUT_KEY, busy(429, soon), busy(503, past), ABOUT_KEY],
  });
  assert.equal((await run(['shop', 'test'])).code, 0);
  assert.equal(api.calls.length, 3);
});

test('a server that stays busy, or asks for too long, is reported', async (t) => {
  const {run, api} = await connected(t, {
    'GET /key': [ABOUT_KEY, busy(429, {'retry-after': '3600'}), busy(429, {'retry-after': '0'})],
  });
  assert.deepEqual(await run(['shop', 'test']), {code: 1, stdout: '', stderr: 'Too many calls.\n'});
  assert.equal(api.calls.length, 1);
  assert.equal((await run(['shop', 'test'])).code, 1);
  assert.equal(api.calls.length, 5);
});

test('something else at the address is told apart from Altera', async (t) => {
  const page = (status) => (request, response) => {
    response.writeHead(status, {'content-type': 'text/html'});
    response.end('<h1>Welcome</h1>');
  };
  const {run} = await connected(t, {'GET /key': [ABOUT_KEY, page(200), page(404), page(401)]});
  for (const [status, code] of [[200, 1], [404, 1], [401, 3]]) {
    const told = await run(['shop', 'test']);
    assert.equal(told.code, code);
    assert.match(told.stderr, new RegExp(`does not answer like an Altera server \\(HTTP ${status}\\)`));
  }
});

test('JSON that is no object, and a redirect to nowhere, are not of Altera either', async (t) => {
  const answer = (status, headers, body) => (request, response) => {
    response.writeHead(status, headers).end(body);
  };
  const odd = [
    ...['null', '7', '"x"', '[]'].map((body) => answer(200, {}, body)),
    answer(302, {}), answer(302, {location: 'http://['}),
  ];
  const {run} = await connected(t, {'GET /key': [ABOUT_KEY, ...odd]});
  for (const _ of odd) {
    const {code, stderr} = await run(['shop', 'test']);
    assert.equal(code, 1);
    assert.match(stderr, /does not answer like an Altera server/);
  }
});

test('wrong fields that are told in another form are left out', async (t) => {
  const told = (errors) => (request, response) => {
    response.writeHead(422).end(JSON.stringify({detail: 'Wrong.', errors}));
  };
  const {run} = await connected(t, {'GET /key': [ABOUT_KEY, told(7), told([null, 'x'])]});
  assert.equal((await run(['shop', 'test'])).stderr, 'Wrong.\n');
  assert.equal((await run(['shop', 'test'])).stderr, 'Wrong.\n');
});

test('the key does not follow a redirect', async (t) => {
  const {run, api} = await connected(t, {
    'GET /key': [ABOUT_KEY, (request, response) => {
      response.writeHead(302, {location: 'https://elsewhere.example/login'}).end();
    }],
  });
  const {code, stderr} = await run(['shop', 'test']);
  assert.equal(code, 1);
  assert.match(stderr, /redirects to https:\/\/elsewhere\.example\. If you trust it/);
  assert.equal(api.calls.length, 1);
});

test('an answer that is cut off is one sentence', async (t) => {
  const {run} = await connected(t, {
    'GET /key': [ABOUT_KEY, (request, response) => {
      response.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'});
      response.write('{"shop": ', () => response.destroy());
    }],
  });
  const {code, stderr} = await run(['shop', 'test']);
  assert.equal(code, 1);
  assert.match(stderr, /was cut off\. Try again\.\n$/);
});

test('each wrong field of a request is named', async (t) => {
  const {run} = await connected(t, {
    'POST /exports': (request, response) => {
      response.writeHead(422, {'content-type': 'application/problem+json'});
      response.end(JSON.stringify({
        status: 422, code: 'invalid', detail: 'Two things are wrong.',
        errors: [{field: 'filters.products.colour', detail: 'No such filter.'}],
      }));
    },
  });
  const {code, stderr} = await run(['export', 'create', 'products', '--output', '-']);
  assert.equal(code, 2);
  assert.equal(stderr, 'Two things are wrong.\n  filters.products.colour: No such filter.\n');
});
