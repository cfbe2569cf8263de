/**
 * How calls reach the server: Node's own fetch, or undici's where a proxy is to be used, which
 * Node's does not know. HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read as other programs read them.
 */
import http from 'node:http';
import https from 'node:https';
import {Readable, pipeline} from 'node:stream';

import {CliError, Unreachable} from './errors.js';
import {isLocal} from './shop.js';

const CUT = /^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;
const SILENCE = 300_000; // milliseconds in which nothing comes, or can be sent: as fetch has it
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;

/** The proxy of the environment for a server, as its address without name and password; or null. */
export function proxyFor(env, url) {
  const found = proxyUrl(env);
  return found && !isLocal(new URL(url)) && !excepted(env, new URL(url)) ? shown(found) : null;
}

/** A fetch function that goes the way that the environment names. */
export async function transportFor(env, url) {
  if (!proxyFor(env, url)) return fetch;
  const proxy = proxyUrl(env);
  const {EnvHttpProxyAgent, fetch: through} = await import('undici').catch(() => {
    throw new CliError(`To use the proxy ${shown(proxy)}, install undici (npm install undici), or ` +
      'add the server to NO_PROXY.');
  });
  // The proxy and its exceptions are decided above and by undici alike: from the same variables.
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxy, httpsProxy: proxy, noProxy: exceptions(env),
  });
  return (input, options) => through(input, {...options, dispatcher});
}

/**
 * A function that POSTs an array of buffers, or a generator of them, and gives the status of the
 * answer. Without a proxy by Node's http: fetch copies a body, and takes longer for each.
 */
export async function posterFor(env, url) {
  if (proxyFor(env, url)) {
    const through = await transportFor(env, url);
    return async (to, {body, ...options}) => {
      const response = await through(to, {
        method: 'POST', redirect: 'manual', duplex: 'half', body: Readable.from(body), ...options});
      await response.arrayBuffer();
      return response.status;
    };
  }
  const {request, Agent} = url.startsWith('https:') ? https : http;
  const agent = new Agent({keepAlive: true});
  return (to, {body, ...options}) => new Promise((resolve, reject) => {
    const sending = request(to, {method: 'POST', agent, timeout: SILENCE, ...options});
    sending.on('timeout', () => sending.destroy(
      Object.assign(new Error('There was no answer.'), {code: 'ETIMEDOUT'})));
    sending.on('response', (response) => {
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode));
      response.resume();
    });
    sending.on('error', reject);
    if (Array.isArray(body)) {
      sending.cork(); // all of it at once
      for (const part of body) sending.write(part);
      sending.end();
    } else {
      pipeline(body, sending, (error) => error && reject(error));
    }
  });
}

/** A sentence on why the server cannot be reached. */
export function unreachable(error, env, url) {
  const causes = [];
  for (let at = error; at; at = at.cause ?? at.errors?.[0]) causes.push(at);
  const code = causes.map((at) => at.code).filter(Boolean).at(-1);
  const text = causes.map(({message}) => message).join(' ');
  const reason = code && !code.startsWith('UND_ERR_ABORTED') ? code : causes.at(-1).message;
  const proxy = proxyFor(env, url);
  const [, status] = /Proxy response \((\d+)\)/.exec(text) ?? [];
  if (status === '407') {
    return new Unreachable(`The proxy ${proxy} requires a user name and password (407). ` +
      'Set HTTPS_PROXY=http://name:password@host:port.');
  }
  if (status) {
    return new Unreachable(`The proxy ${proxy} refused to connect to ${new URL(url).host} ` +
      `(${status}). Ask your network team to allow it, or add the host to NO_PROXY.`);
  }
  if (CERTIFICATE.test(code ?? '')) {
    return new Unreachable(`The certificate of ${url} is not trusted (${code}). If your company ` +
      'inspects connections, set NODE_EXTRA_CA_CERTS to the file with its certificate.');
  }
  const cut = CUT.test(code ?? '');
  return proxy
    ? new Unreachable(`Cannot reach ${url} through the proxy ${proxy} (${reason}). ` +
      'Check HTTPS_PROXY and NO_PROXY.', {cut})
    : new Unreachable(`Cannot reach ${url} (${reason}). ` +
      'Check the address (--url or ALTERA_URL) and your network.', {cut});
}

function proxyUrl({https_proxy: a, HTTPS_PROXY: b, http_proxy: c, HTTP_PROXY: d}) {
  const text = a || b || c || d;
  if (!text) return null;
  const url = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new CliError('HTTPS_PROXY is not the address of an HTTP proxy. Use one like ' +
    'http://proxy.example.com:3128.');
}

const exceptions = ({no_proxy: lower, NO_PROXY: upper}) => lower ?? upper ?? '';

/** Whether NO_PROXY makes an exception of a server, as undici reads it. */
function excepted(env, {hostname, port, protocol}) {
  const own = port || (protocol === 'https:' ? '443' : '80');
  return exceptions(env).split(/[,\s]+/).filter(Boolean).some((entry) => {
    if (entry === '*') return true;
    const [, host, only] = /^(.+?)(?::(\d+))?$/.exec(entry.toLowerCase());
    if (only && only !== own) return false;
    const suffix = host.replace(/^\*?\./, '');
    return hostname === suffix || hostname.endsWith(`.${suffix}`);
  });
}

function shown(text) {
  const url = new URL(text);
  return `${url.protocol}//${url.host}`;
}
